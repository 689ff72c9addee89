import Foundation
import Testing

@Suite("ecpipe init, schema and doctor") struct InitCommandTests {
  @Test("what init writes for a table runs as it is; nothing is written over without --force")
  func runs() throws {
    try Workplace.with { place in
      try place.write(SmallRun.flowers(), to: "my flowers.csv")
      let outcome = try place.run("init", "--csv", "my flowers.csv")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output == """
          my-flowers.yaml: written; classification of column "kind" from 4 columns, 60 rows
          next: ecpipe run my-flowers.yaml

          """)
      let text = try place.text("my-flowers.yaml")
      #expect(text.hasPrefix("# yaml-language-server: $schema=ecpipe.schema.json\n"))
      #expect(try place.text("ecpipe.schema.json") == place.run("schema").output)
      #expect(try place.run("validate", "my-flowers.yaml").code == 0)
      #expect(
        try place.run("run", "my-flowers.yaml", "--quiet", "--set", "stages[0].train.epochs=1")
          .code == 0)

      try place.write("mine", to: "ecpipe.schema.json")
      let again = try place.run("init", "--csv", "my flowers.csv", "--study", "my-flowers.yaml")
      #expect(again.code == 64 && again.errors.contains("--force"))
      #expect(try place.text("my-flowers.yaml") == text)
      let other = try place.run("init", "b.yaml", "--csv", "my flowers.csv", "--quiet")
      #expect(other.code == 0 && other.output == "")
      #expect(try place.text("ecpipe.schema.json") == "mine")
      #expect(
        try place.run("init", "b.yaml", "--csv", "my flowers.csv", "--force").code == 0)
      #expect(try place.text("ecpipe.schema.json") != "mine")
    }
  }

  @Test("several targets are named with commas, learnt, and named again in C")
  func severalTargets() throws {
    try Workplace.with { place in
      try place.write("a,b,height,weight\n" + SmallRun.curve(), to: "c.csv")
      try #require(
        place.run("init", "--csv", "c.csv", "--label", "height,weight").code == 0)
      #expect(try place.text("c.yaml").contains("  label: [height, weight] "))
      let run = try place.run("run", "c.yaml", "--set", "stages[0].train.epochs=1")
      #expect(run.code == 0, "\(run.errors)")
      try #require(place.run("export", "c", "--output", "c.c").code == 0)
      #expect(try place.text("c.h").contains("#define C_OUTPUT_WEIGHT 1\n"))
      let wrong = try place.run("init", "d.yaml", "--csv", "c.csv", "--label", "height,wieght")
      #expect(wrong.code == 65 && wrong.errors.contains("did you mean \"weight\"?"))
    }
  }

  @Test("a table that no schedule fits leaves the schedule that was there, and none behind")
  func refused() throws {
    try Workplace.with { place in
      try place.write("a,b,y\n1,2,0\n3,4,1\n", to: "two.csv")
      try place.write("# mine\n", to: "two.yaml")
      let kept = try place.run("init", "--csv", "two.csv", "--force")
      #expect(kept.code == 65)
      #expect(try place.text("two.yaml") == "# mine\n")
      let new = try place.run("init", "new.yaml", "--csv", "two.csv")
      #expect(new.code == 65 && !place.names(in: ".").contains("new.yaml"))
    }
  }

  @Test("paths are relative to the file that is written, which may be a stream")
  func paths() throws {
    try Workplace.with { place in
      let manager = FileManager.default
      try manager.createDirectory(
        atPath: place.file("data/deep"), withIntermediateDirectories: true)
      try manager.createDirectory(
        atPath: place.file("jobs"), withIntermediateDirectories: true)
      try place.write(SmallRun.flowers(), to: "data/deep/f.csv")
      try #require(place.run("init", "jobs/f.yaml", "--csv", "data/deep/f.csv").code == 0)
      #expect(try place.text("jobs/f.yaml").contains("\n  csv: \"../data/deep/f.csv\" "))
      let stream = try place.run("init", "-", "--csv", "data/deep/f.csv")
      #expect(stream.code == 0 && stream.output.contains("\n  csv: data/deep/f.csv "))
      #expect(stream.output.hasPrefix("# Trains"))
    }
  }

  @Test(
    "a study and a job of every night are valid as they are written",
    arguments: [
      ["--study"], ["--nightly"], ["--study", "--kind", "units"],
      ["--study", "--kind", "dropout_phases"], ["--study", "--kind", "receptive_fields"],
    ])
  func others(options: [String]) throws {
    try Workplace.with { place in
      try place.write(SmallRun.flowers(rows: 300), to: "f.csv")
      try #require(place.run(["init", "f.yaml", "--csv", "f.csv"] + options).code == 0)
      let outcome = try place.run("validate", "f.yaml")
      #expect(outcome.code == 0 && !outcome.errors.contains("every night"), "\(outcome.errors)")
    }
  }

  @Test(
    "what does not go together is exit code 64, data of which nothing can be learnt 65, none 66",
    arguments: [
      (["--study", "--nightly"], 64), (["--label", "a"], 64), (["--kind", "units"], 64),
      (["--study", "--kind", "unit"], 64),
      (["--csv", "a.csv", "--task", "x"], 64),
      (["--csv", "a.csv"], 66), (["--csv", "same.csv"], 65),
      (["--csv", "same.csv", "--label", "c"], 65), (["no/such/folder.yaml"], 66),
    ])
  func refused(arguments: [String], code: Int) throws {
    try Workplace.with { place in
      try place.write("a,b\n1,2\n1,2\n1,2\n", to: "same.csv")
      let before = place.snapshot()
      let outcome = try place.run(["init"] + arguments)
      #expect(Int(outcome.code) == code && !outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(place.snapshot() == before)
    }
  }

  @Test(
    "columns of one value and numbers that may stand for none are told, and of a wrong name the nearest"
  )
  func told() throws {
    try Workplace.with { place in
      let rows = (0..<60).map { row in
        "\(row % 5 == 0 ? "-999" : "\(row % 7).5"),1,\(row % 2 == 0 ? "b" : "a"),same"
      }
      try place.write("x,konst,y,last\n" + rows.joined(separator: "\n") + "\n", to: "odd.csv")
      let outcome = try place.run("init", "--csv", "odd.csv")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "left out, since all rows have the same value: column \"konst\", column \"last\""))
      #expect(
        outcome.errors.contains("column \"x\" has -999 in 12 rows, far from all other numbers"))
      #expect(outcome.errors.contains("write missing: {median: {markers: [\"-999\"]}}"))
      #expect(outcome.output.contains("classification of column \"y\""))
      let text = try place.text("odd.yaml")
      #expect(text.contains("konst: left out: it has the same value in every row, 1\n"))
      #expect(text.contains("ignore: [konst, \"last\"]"))
      #expect(text.contains("missing: {median: {markers: [\"-999\"]}}"))
      let wrong = try place.run("init", "--csv", "odd1.csv")
      #expect(wrong.code == 66 && wrong.errors.contains("did you mean odd.csv?"))
    }
  }

  @Test("a study of receptive fields without a table has images that are generated, and runs")
  func generated() throws {
    try Workplace.with { place in
      try #require(place.run("init", "r.yaml", "--study", "--kind", "receptive_fields").code == 0)
      let outcome = try place.run("validate", "r.yaml")
      // Three seeds of three criteria on images and two controls.
      #expect(outcome.code == 0 && outcome.output.contains("15 cells"), "\(outcome.errors)")
    }
  }

  @Test("schema prints one of schedules and one of studies")
  func schema() throws {
    try Workplace.with { place in
      let schedule = try JSONText(place.run("schema").output)
      let study = try JSONText(place.run("schema", "--study").output)
      #expect(schedule.object["title"] as? String == "A schedule of ecpipe")
      #expect(study.object["title"] as? String == "A study of ecpipe")
      #expect(schedule.object["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    }
  }

  @Test("doctor ends with 1 only where there is a problem, and leaves nothing behind")
  func doctor() throws {
    try Workplace.with { place in
      let json = try JSONText(place.run("doctor", "--json").output)
      let findings = try json.objects("findings")
      let areas = Set(findings.compactMap { $0["area"] as? String })
      #expect(
        areas == [
          "libraries", "processor", "memory", "limits", "folder", "clock", "terminal", "cron",
        ])
      let problems = findings.filter { $0["level"] as? String == "problem" }
      #expect(json.object["problems"] as? Int == problems.count)
      #expect(try place.run("doctor").code == (problems.isEmpty ? 0 : 1))
      let broken = try place.run("doctor", "--checkpoints", "/proc/nowhere")
      #expect(broken.code == 1 && broken.output.contains("nothing can be written there"))
      #expect(broken.errors.contains("found, which"))
      #expect(place.snapshot().isEmpty)
    }
  }
}
