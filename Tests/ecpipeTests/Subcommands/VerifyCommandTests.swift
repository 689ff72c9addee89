import Foundation
import Testing

@Suite("ecpipe verify")
struct VerifyCommandTests {
  @Test("a sound run: exit code 0 and a line, deep or not; --quiet is silent")
  func sound() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let before = place.snapshot()
      let plain = try place.run("verify")
      #expect(plain.code == 0 && plain.errors == "")
      #expect(plain.output.hasPrefix("small: sound: 5 checkpoints, "))
      let deep = try place.run("verify", "small", "--deep", "--threads", "2")
      #expect(deep.code == 0)
      #expect(deep.output.hasSuffix("metrics of 6 stages measured again\n"))
      #expect(try place.run("verify", "--quiet").output == "")
      let json = try JSONText(place.run("verify", "--deep", "--json").output)
      #expect(json.object["format"] as? Int == 1 && json.hasSortedNames)
      #expect(json.object["sound"] as? Bool == true && json.object["measured"] as? Int == 6)
      #expect(place.snapshot() == before)
    }
  }

  @Test("a folder in the place of any file of a run is damage: exit code 11")
  func folders() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      let checkpoint = try #require(place.checkpoints(of: "small").keys.min())
      for name in ["run.json", checkpoint] {
        let path = place.file("checkpoints/small/" + name)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: false)
        let outcome = try place.run("verify", "small")
        #expect(outcome.code == 11 && outcome.errors.contains(name), "\(outcome.errors)")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
      }
      #expect(try place.run("verify", "small").code == 0)
    }
  }

  @Test("a run.json that is gone is damage where its checkpoints are, and run writes it anew")
  func lostManifest() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      try FileManager.default.removeItem(atPath: place.file("checkpoints/small/run.json"))
      let outcome = try place.run("verify", "small")
      #expect(outcome.code == 11)
      #expect(outcome.errors.contains("checkpoints/small/run.json: damaged: the file is gone"))
      #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try place.run("verify", "small").code == 0)
    }
  }

  @Test("damage: exit code 11, every file and its entry on standard error, also under --quiet")
  func damaged() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let names = try place.checkpoints(of: "small").keys.sorted()
      for name in names.prefix(2) {
        var bytes = try place.bytes("checkpoints/small/" + name)
        bytes[bytes.count - 20] ^= 4
        try place.write(bytes, to: "checkpoints/small/" + name)
      }
      try place.write("short", to: "checkpoints/small/" + names[2])
      // Neither the schedule nor the data are needed.
      try FileManager.default.removeItem(atPath: place.file("flowers.csv"))
      try FileManager.default.removeItem(atPath: place.file("small.yaml"))
      for arguments in [["verify"], ["verify", "--quiet"], ["verify", "--deep", "--quiet"]] {
        let outcome = try place.run(arguments)
        #expect(outcome.code == 11 && outcome.output == "")
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 4 && lines[0] == "ecpipe: 3 damages:")
        for (line, name) in zip(lines.dropFirst(), names) {
          #expect(line.hasPrefix("checkpoints/small/\(name): damaged: "))
          #expect(line.contains("ecpipe replay "))
        }
        #expect(lines[1].contains("entry '"))
      }
      let json = try place.run("verify", "--json")
      #expect(json.code == 11)
      #expect(try JSONText(json.output).objects("findings").count == 3)
    }
  }

  @Test("a run that is not there is exit code 66")
  func missing() throws {
    try Workplace.with { place in
      for arguments in [["verify"], ["verify", "nothing"]] {
        let outcome = try place.run(arguments)
        #expect(outcome.code == 66)
      }
    }
  }
}
