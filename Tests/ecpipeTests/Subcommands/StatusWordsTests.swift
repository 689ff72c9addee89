import Foundation
import Testing

/// What commands say of runs that are not done, that are no runs, and of what has changed around them.
@Suite("What commands say")
struct StatusWordsTests {
  @Test("a failed run says why, a stopped one where, a changed one what")
  func endings() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let stages = "stages: [train: {epochs: 2}, finetune: {epochs: 2, RATE}]\n"
      let head = SmallRun.schedule.replacing("tanh", with: "relu").split(separator: "stages:")[0]
      func write(_ rate: String) throws {
        try place.write(head + stages.replacing("RATE", with: rate), to: "small.yaml")
      }
      try write("optimizer: {sgd: {learning_rate: 1e30}}")
      let run = try place.run("run", "small.yaml")
      #expect(run.code == 1)
      let message = try #require(
        run.errors.dropFirst("ecpipe: ".count).split(separator: "\n").first)
      #expect(try place.run("status").output.hasPrefix("small: failed: \(message)\n"))
      let json = try JSONText(place.run("status", "--json").output)
      #expect(json.object["status"] as? String == "failed")
      #expect(json.object["message"] as? String == String(message))
      try write("optimizer: {sgd: {learning_rate: 0.01}}")
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      #expect(try place.run("status").output.hasPrefix("small: stopped after train\n"))
      try #require(place.run("run", "small.yaml").code == 0)
      #expect(try place.run("status").output.hasPrefix("small: done\n"))
      try write("optimizer: {sgd: {learning_rate: 0.02}}")
      #expect(try place.run("status").output.hasPrefix("small: changed\n"))
    }
  }

  @Test("an interrupted stage whose settings have changed names them")
  func interrupted() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let long = SmallRun.schedule.replacing("epochs: 6", with: "epochs: 1000000")
      try place.write(long, to: "small.yaml")
      let program = try place.start(["run", "small.yaml"])
      func wait(until condition: () throws -> Bool) throws {
        for _ in 0..<600 {
          if try condition() { return }
          usleep(20_000)
        }
      }
      try wait { place.names(in: "checkpoints/small").contains("events.jsonl") }
      try wait { try place.run("status").output.contains("small: running, train, epoch") }
      #expect(try place.run("status").output.contains(" of 1000000\n"))
      program.signal(SIGINT)
      #expect(try program.outcome().code == 75)
      #expect(try place.run("status").output.hasPrefix("small: interrupted\n"))
      try place.write(long.replacing("1000000", with: "9"), to: "small.yaml")
      #expect(
        try place.run("status").output.contains(
          "\ntrain is to be computed again:\n  epochs was 1000000 and is 9\n"))
    }
  }

  @Test("a run whose schedule was moved is looked at by the copy in its folder")
  func movedSchedule() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let before = try place.run("evaluate", "small").output
      try FileManager.default.removeItem(atPath: place.file("small.yaml"))
      #expect(try place.run("status", "small").output.hasPrefix("small: done\n"))
      #expect(try place.run("evaluate", "small").output == before)
      let deep = try place.run("verify", "small", "--deep")
      #expect(deep.code == 0 && deep.output.contains("measured again\n"))
      #expect(try place.run("resume", "small").code == 66)
    }
  }

  @Test("data changed in place under the same size and time are blamed, not the checkpoints")
  func changedData() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let path = place.file("flowers.csv")
      let times = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
      var stamp = stat()
      try #require(stat(path, &stamp) == 0)
      let handle = try FileHandle(forUpdating: URL(filePath: path))
      try handle.seek(toOffset: UInt64(SmallRun.flowers().utf8.count) / 2)
      let old = try handle.read(upToCount: 1)
      try handle.seek(toOffset: UInt64(SmallRun.flowers().utf8.count) / 2)
      try handle.write(contentsOf: Data(old == Data("4".utf8) ? "5".utf8 : "4".utf8))
      try handle.close()
      var both = [stamp.st_atim, stamp.st_mtim]
      try #require(utimensat(AT_FDCWD, path, &both, 0) == 0 && times != nil)
      let outcome = try place.run("verify", "small", "--deep")
      #expect(outcome.code == 11)
      #expect(
        outcome.errors.contains("flowers.csv: damaged: the data have other bytes than the run was"))
      #expect(!outcome.errors.contains(".safetensors"))
    }
  }

  @Test("what is not there is not listed as being there; what is something else is named so")
  func missing() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let none = try place.run("status", "smal")
      #expect(none.code == 66)
      #expect(
        none.errors
          == "ecpipe: smal: no such file; did you mean small? Name a run or a study under checkpoints "
          + "(there is small), or the folder of one\n")
      let file = try place.run("status", "small.yaml")
      #expect(file.code == 64 && file.errors.contains("this is a schedule or a study"))
      try FileManager.default.createDirectory(
        atPath: place.file("checkpoints/st"), withIntermediateDirectories: true)
      try place.write("", to: "checkpoints/st/study.yaml")
      let model = try place.run("evaluate", "st")
      #expect(model.code == 65)
      #expect(model.errors.contains("checkpoints/st: this is the folder of a study"))
      for command in ["status", "verify", "show"] {
        let study = try place.run(command, "st")
        #expect(study.code == 66)
        #expect(
          study.errors.contains("checkpoints/st/study.json: no such file; the study was stopped"))
      }
    }
  }

  @Test("help on a command that there is not is an error")
  func help() throws {
    try Workplace.with { place in
      let outcome = try place.run("help", "statsu")
      #expect(outcome.code == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("ecpipe: there is no command statsu; did you mean status?"))
      #expect(try place.run("help", "status").code == 0)
    }
  }

  @Test("a name with characters that nobody sees is refused, and shown with them")
  func invisible() throws {
    try Workplace.with { place in
      for (scalar, text) in [("\u{202E}", "202E"), ("\u{200B}", "200B"), ("\u{2066}", "2066")] {
        try place.write(
          SmallRun.schedule.replacing("name: small", with: "name: sm\(scalar)all"), to: "small.yaml"
        )
        try place.write(SmallRun.flowers(), to: "flowers.csv")
        let outcome = try place.run("validate", "small.yaml")
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("\"sm\\u{\(text)}all\" cannot name the folder of a run"))
      }
    }
  }

  @Test("a target that only an earlier stage's outcome decides is a warning in plan")
  func doubt() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let head = SmallRun.schedule.split(separator: "stages:")[0]
      let budget = "budget: {layers: {output: {keep: true}}}"
      func plan(_ second: String) throws -> String {
        try place.write(
          head
            + "stages: [train: {epochs: 1}, prune: {to: 0.5}, prune: {to: \(second), \(budget)}]\n",
          to: "small.yaml")
        let outcome = try place.run("plan", "small.yaml")
        #expect(outcome.code == 0)
        return outcome.errors
      }
      #expect(try plan("0.6").isEmpty)
      #expect(try plan("0.95").hasPrefix("warning: stage prune-2: 4 weights may be too few"))
    }
  }
}
