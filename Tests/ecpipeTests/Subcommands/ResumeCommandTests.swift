import Foundation
import Testing

@Suite("ecpipe resume")
struct ResumeCommandTests {
  @Test("goes on with a run by name, by folder, or with the latest, from any folder")
  func names() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let steps = [
        ["resume", "small", "--until", "alternate/01/prune"],
        ["resume", "checkpoints/small", "--until", "alternate/02/prune"], ["resume"],
      ]
      for (arguments, count) in zip(steps, [2, 4, 5]) {
        let outcome = try place.run(arguments)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try place.checkpoints(of: "small").count == count)
      }
      let elsewhere = try RunningProgram(
        Program.path(), ["resume", place.file("checkpoints/small")], in: "/"
      ).outcome()
      #expect(elsewhere.output.hasPrefix("small: all 6 stages are done; nothing to do"))
      #expect(try place.run("resume", "--quiet").output == "")
      #expect(try JSONText(place.run("resume", "--json").output).object["format"] as? Int == 1)
    }
  }

  @Test("keeps what the command line of the run had put in place of the schedule's values")
  func overrides() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let change = "stages[0].train.epochs=2"
      try #require(
        place.run("run", "small.yaml", "--set", change, "--until", "train").code == 0)
      #expect(try place.run("resume").output.hasPrefix("small: 6 stages, 5 to do\n"))
    }
  }

  @Test("what is missing is named: the run, all runs, the schedule")
  func missing() throws {
    try Workplace.with { place in
      let none = try place.run("resume")
      #expect(none.code == 66)
      #expect(none.errors.contains("checkpoints") && none.errors.contains("ecpipe run"))
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let other = try place.run("resume", "smal")
      #expect(other.code == 66)
      #expect(other.errors.hasPrefix("ecpipe: smal: ") && other.errors.contains("small"))
      try FileManager.default.removeItem(atPath: place.file("small.yaml"))
      let gone = try place.run("resume", "small")
      #expect(gone.code == 66)
      #expect(gone.errors.contains("/small.yaml: ") && gone.errors.contains("put it back"))
      #expect(gone.errors.contains("checkpoints/small/schedule.yaml"))
    }
  }

  @Test("other data are an error that names --fresh")
  func otherData() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      try place.write(SmallRun.flowers(rows: 61), to: "flowers.csv")
      let before = place.snapshot()
      let outcome = try place.run("resume")
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains("the data have changed"))
      #expect(outcome.errors.contains("--fresh"))
      var after = place.snapshot()
      after["checkpoints/small.lock"] = before["checkpoints/small.lock"]
      #expect(after == before)
    }
  }
}
