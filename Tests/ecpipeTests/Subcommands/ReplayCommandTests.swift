import Foundation
import Testing

@Suite("ecpipe replay")
struct ReplayCommandTests {
  @Test("the same bits: exit code 0; --restore puts a missing checkpoint back, byte for byte")
  func restored() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let before = place.snapshot()
      let plain = try place.run("replay", "alternate/02/prune")
      #expect(plain.code == 0)
      #expect(
        plain.output.hasPrefix(
          "alternate/02/prune: the same bits, computed from alternate/01/finetune: SHA-256 "))
      #expect(try place.run("replay", "train", "--quiet").output == "")
      let json = try JSONText(place.run("replay", "train", "small", "--json").output)
      #expect(json.object["format"] as? Int == 1 && json.hasSortedNames)
      #expect(json.object["same"] as? Bool == true && json.object["start"] is NSNull)
      #expect(place.snapshot() == before)

      let name = try #require(place.checkpoints(of: "small").keys.sorted().first)
      try FileManager.default.removeItem(atPath: place.file("checkpoints/small/" + name))
      let again = try place.run("replay", "train", "--restore")
      #expect(again.code == 0)
      #expect(again.output.hasSuffix("checkpoints/small/\(name): put back\n"))
      var after = place.snapshot()
      after["checkpoints/small.lock"] = before["checkpoints/small.lock"]
      #expect(after == before)
      let sound = try place.run("replay", "train", "--restore")
      #expect(sound.output.hasSuffix("its checkpoint is sound; nothing to put back\n"))
    }
  }

  @Test("other bits: exit code 1 and what differs; unknown stages and evaluations are refused")
  func refused() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let unknown = try place.run("replay", "trian")
      #expect(unknown.code == 64 && unknown.errors.contains("did you mean train?"))
      #expect(try place.run("replay", "evaluate").code == 64)
      #expect(try place.run("replay").code == 64)
      try place.write(
        SmallRun.schedule.replacing("epochs: 6", with: "epochs: 7"), to: "small.yaml")
      let changed = try place.run("replay", "train")
      #expect(changed.code == 65 && changed.errors.contains("other settings, data or engine"))
    }
  }
}
