import Foundation
import Testing

@Suite("ecpipe gc")
struct GCCommandTests {
  private static let kept = SmallRun.schedule + "checkpoints: {keep: {last: 1}}\n"

  @Test("deletes what the schedule does not keep; the run is still done, sound and usable")
  func collected() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(Self.kept, to: "small.yaml")
      try #require(place.run("run", "small.yaml").code == 0)
      let all = try place.checkpoints(of: "small")
      let before = place.snapshot()
      let preview = try place.run("gc", "--dry-run")
      #expect(preview.code == 0 && place.snapshot() == before)
      #expect(preview.output.contains("small: 4 checkpoints would be deleted, "))
      let outcome = try place.run("gc")
      #expect(outcome.code == 0 && outcome.errors == "")
      #expect(outcome.output.contains("small: 4 checkpoints deleted, "))
      let left = try place.checkpoints(of: "small")
      #expect(left.count == 1 && left.allSatisfy { all[$0.key] == $0.value })

      let again = try place.run("run", "small.yaml")
      #expect(again.output.hasPrefix("small: all 6 stages are done; nothing to do"))
      let status = try JSONText(place.run("status", "--json").output)
      #expect(status.object["status"] as? String == "done")
      #expect(try status.objects("stages").allSatisfy { $0["status"] as? String == "done" })
      #expect(try place.run("verify", "--deep").code == 0)
      #expect(try place.run("evaluate", "small").code == 0)
      #expect(try place.run("replay", "train", "--restore").code == 0)
      #expect(try place.checkpoints(of: "small").allSatisfy { all[$0.key] == $0.value })
    }
  }

  @Test("keep: all, the default, deletes nothing; --keep stands in for the schedule")
  func policies() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      #expect(try place.run("gc").output == "small: keep: all; nothing is deleted\n")
      #expect(try place.checkpoints(of: "small").count == 5)
      let wrong = try place.run("gc", "--keep", "last=x")
      #expect(wrong.code == 64 && wrong.errors.contains("last=N,best=N,daily=N,weekly=N"))
      let json = try JSONText(place.run("gc", "small", "--keep", "last=2", "--json").output)
      #expect(json.object["format"] as? Int == 1 && json.hasSortedNames)
      #expect(try json.objects("checkpoints").filter { $0["kept"] as? Bool == true }.count == 2)
      #expect(try place.checkpoints(of: "small").count == 2)
      #expect(try place.run("gc", "--keep", "last=1", "--quiet").output == "")
      #expect(try place.checkpoints(of: "small").count == 1)
    }
  }

  @Test("without its schedule the copy in the run's folder counts")
  func withoutSchedule() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(Self.kept, to: "small.yaml")
      try #require(place.run("run", "small.yaml").code == 0)
      try FileManager.default.removeItem(atPath: place.file("small.yaml"))
      let outcome = try place.run("gc")
      #expect(outcome.code == 0)
      #expect(
        outcome.errors.hasSuffix(
          "small.yaml: not there any more; what counts is the copy checkpoints/small/schedule.yaml\n"
        ))
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try place.checkpoints(of: "small").count == 1)
    }
  }

  @Test("what was exported stays")
  func exported() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let names = try place.checkpoints(of: "small").keys.sorted()
      try #require(
        place.run("export", "checkpoints/small/" + names[1], "--output", "m.safetensors").code == 0)
      #expect(try place.run("gc", "--keep", "last=0").code == 0)
      #expect(try place.checkpoints(of: "small").keys.sorted() == [names[1], names[4]])
    }
  }

  @Test("while a run goes on: exit code 10, and its holder is named")
  func locked() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(
        SmallRun.schedule.replacing("epochs: 6", with: "epochs: 1000000"), to: "small.yaml")
      let run = try place.start(["run", "small.yaml"])
      try run.wait(for: "training") {
        (try? place.text("checkpoints/small/events.jsonl"))?.contains("epoch_finished") == true
      }
      let outcome = try place.run("gc", "--keep", "last=0")
      #expect(outcome.code == 10 && outcome.errors.contains("pid \(run.pid)"))
      #expect(try place.run("verify").code == 0)
      run.signal(SIGKILL)
      _ = try run.outcome()
    }
  }

  @Test("--help says that only this command deletes")
  func help() throws {
    try Workplace.with { place in
      let text = try place.run("gc", "--help").output.split(whereSeparator: \.isWhitespace)
      #expect(text.joined(separator: " ").contains("The only command that deletes checkpoints."))
    }
  }
}
