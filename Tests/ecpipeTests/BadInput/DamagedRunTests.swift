import Foundation
import Testing

@Suite("run on a damaged run")
struct DamagedRunTests {
  /// A finished run, and what its checkpoints are.
  private func with(_ body: (Workplace, [String: Data]) throws -> Void) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      try body(place, place.checkpoints(of: "small"))
    }
  }

  private func flip(_ name: String, _ place: Workplace) throws {
    var bytes = try place.bytes("checkpoints/small/" + name)
    bytes[bytes.count - 20] ^= 4
    try place.write(bytes, to: "checkpoints/small/" + name)
  }

  @Test("the last stage damaged: said, computed again from the one before, same bits, sound")
  func last() throws {
    try with { place, expected in
      let name = try #require(expected.keys.sorted().last)
      try flip(name, place)
      #expect(try place.run("verify").code == 11)
      let outcome = try place.run("run", "small.yaml", "--quiet")
      #expect(outcome.code == 0 && outcome.output == "")
      #expect(outcome.errors.contains("\(name): damaged ("))
      #expect(outcome.errors.contains("alternate/02/finetune is computed anew"))
      #expect(try place.checkpoints(of: "small").filter { expected[$0.key] != nil } == expected)
      #expect(try place.run("verify", "--deep").code == 0)
    }
  }

  @Test("a middle stage gone: the run does not need it, says how to put it back, and that works")
  func middle() throws {
    try with { place, expected in
      let name = expected.keys.sorted()[1]
      try FileManager.default.removeItem(atPath: place.file("checkpoints/small/" + name))
      let outcome = try place.run("run", "small.yaml", "--quiet")
      #expect(outcome.code == 0)
      let command = "ecpipe replay alternate/01/prune small --restore"
      #expect(outcome.errors.contains("(\(command) puts it back)"))
      #expect(try place.run("verify").code == 11)
      #expect(try place.run(command.split(separator: " ").dropFirst().map(String.init)).code == 0)
      #expect(try place.checkpoints(of: "small") == expected)
      #expect(try place.run("verify", "--deep").code == 0)
    }
  }

  @Test("run.json damaged: set aside, the checkpoints are taken up, nothing is trained again")
  func manifest() throws {
    try with { place, expected in
      var bytes = try place.bytes("checkpoints/small/run.json")
      bytes[bytes.count / 2] ^= 1
      try place.write(bytes, to: "checkpoints/small/run.json")
      let found = try place.run("verify")
      #expect(found.code == 11 && found.errors.contains("run.json: damaged: "))
      let outcome = try place.run("run", "small.yaml", "--quiet")
      #expect(outcome.code == 0 && outcome.errors.contains("taken up"))
      #expect(try place.checkpoints(of: "small") == expected)
      #expect(try place.run("verify", "--deep").code == 0)
    }
  }

  @Test("everything damaged: everything is computed again, with the same bits")
  func everything() throws {
    try with { place, expected in
      for name in expected.keys { try flip(name, place) }
      try place.write("{", to: "checkpoints/small/run.json")
      try place.write("x", to: "checkpoints/small/progress.safetensors")
      let found = try place.run("verify")
      #expect(found.code == 11 && found.errors.hasPrefix("ecpipe: 6 damages:\n"))
      #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try place.checkpoints(of: "small").filter { expected[$0.key] != nil } == expected)
      #expect(try place.run("verify", "--deep").code == 0)
    }
  }

  @Test("progress damaged: set aside, the stage starts anew and ends in the same bits")
  func progress() throws {
    try with { place, expected in
      try place.write(
        SmallRun.schedule.replacing("name: small", with: "name: stopped")
          .replacing("epochs: 6", with: "epochs: 1000000") + "checkpoints: {every: 1s}\n",
        to: "stopped.yaml")
      let run = try place.start(["run", "stopped.yaml"])
      try run.wait(for: "progress") {
        place.names(in: "checkpoints/stopped").contains("progress.safetensors")
      }
      run.signal(SIGTERM)
      #expect(try run.outcome().code == 75)
      let path = "checkpoints/stopped/progress.safetensors"
      var bytes = try place.bytes(path)
      bytes[bytes.count - 1] ^= 1
      try place.write(bytes, to: path)
      let found = try place.run("verify", "stopped")
      #expect(found.code == 11 && found.errors.contains("entry '"))
      // The same stage in fewer epochs is another stage: the damaged file must not stand in its way.
      try place.write(
        SmallRun.schedule.replacing("name: small", with: "name: stopped"), to: "stopped.yaml")
      let outcome = try place.run("run", "stopped.yaml", "--quiet")
      #expect(outcome.code == 0 && outcome.errors.contains("progress.safetensors: damaged ("))
      #expect(try place.checkpoints(of: "stopped") == expected)
      #expect(place.names(in: "checkpoints/stopped").contains("progress.safetensors.damaged"))
    }
  }

  @Test("--strict is an option of run and resume, and lets a run of this machine go on")
  func strict() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--strict", "--until", "train").code == 0)
      #expect(try place.run("resume", "--strict", "--until", "alternate/01/prune").code == 0)
      #expect(try place.run("run", "small.yaml", "--strict").code == 0)
    }
  }
}
