import Foundation
import Glibc
import Testing

@Suite("ecpipe run --nightly") struct NightRunTests {
  private static let command = ["run", "small.yaml", "--nightly", "--log", "night.log"]

  @Test("a night that is asked to stop says one block, with the night and the command that goes on")
  func interrupted() throws {
    try NightPlace.with { night in
      let place = night.place
      let text = try place.text("small.yaml").replacing(
        "train: {epochs: 6}", with: "train: {epochs: 1000000}"
      )
      .replacing("nightly: {}", with: "nightly: {guard: {min_rows: 1}}")
      try place.write(text, to: "small.yaml")
      let job = "checkpoints/\(night.name)"
      let program = try place.start(Self.command)
      try program.wait(for: "an epoch") {
        place.names(in: job).contains { name in
          (try? place.text("\(job)/\(name)/events.jsonl"))?.contains("epoch_finished") == true
        }
      }
      program.signal(SIGTERM)
      let outcome = try program.outcome()
      #expect(outcome.code == 75 && outcome.output == "")
      let open = try #require(place.names(in: job).first { $0.hasPrefix("20") })
      #expect(
        outcome.errors == """
          ecpipe: the night was interrupted (exit 75)
            what:        interrupted in stage train; all is saved
            where:       \(night.name), night \(open), \(place.file("small.yaml"))
            in service:  nothing yet
            log:         \(place.file("night.log"))
            go on with:  \(try Program.path()) run \(place.file("small.yaml")) --nightly --log \(place.file("night.log")) --checkpoints \(place.file("checkpoints"))

          """)
      #expect(try place.text("night.log").contains("Z interrupted: interrupted in stage train; "))
    }
  }

  @Test("validate warns of nights that would all be refused; status without a name shows the job")
  func looks() throws {
    try NightPlace.with { night in
      let place = night.place
      let valid = try place.run(["validate", "small.yaml"])
      #expect(valid.code == 0)
      #expect(valid.errors.contains("every night would be refused: "))
      #expect(valid.errors.contains(" rows to train on, nightly.guard.min_rows is 100"))
      #expect(valid.errors.contains("no night would decide anything: the test part has "))
      let text = try place.text("small.yaml")
      try place.write(text.replacing(", by: content", with: ""), to: "moving.yaml")
      let moving = try place.run(["validate", "moving.yaml"])
      #expect(moving.code == 0 && moving.errors.contains("write by: content or by: {column: NAME}"))

      let limits = "guard: {min_rows: 1}, promote: {min_rows: 1, not_worse_by: 0.9}"
      try place.write(text.replacing("nightly: {}", with: "nightly: {\(limits)}"), to: "small.yaml")
      #expect(try place.run(["validate", "small.yaml"]).errors == "")
      #expect(try place.run(Self.command).code == 0)
      let status = try place.run(["status"])
      #expect(status.output.hasPrefix("\(night.name): promoted\n"))
    }
  }

  @Test("a night whose schedule is none says so in such a block, and in the log")
  func noSchedule() throws {
    try NightPlace.with { night in
      let place = night.place
      try night.writeSchedule("small.yaml", SmallRun.schedule + "unheard: 1\n")
      let outcome = try place.run(Self.command)
      #expect(outcome.code == 65 && outcome.output == "")
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.first == "ecpipe: the night failed (exit 65)")
      #expect(
        outcome.errors.contains("  what:        \(place.file("small.yaml"))")
          && lines[1].contains("unheard"))
      #expect(
        lines.suffix(3) == [
          "  where:       \(place.file("small.yaml"))", "  log:         \(place.file("night.log"))",
          "  go on with:  \(try Program.path()) run \(place.file("small.yaml")) --nightly --log "
            + "\(place.file("night.log")) --checkpoints \(place.file("checkpoints")), once that is corrected",
        ])
      #expect(try place.text("night.log").contains("unheard"))
      #expect(place.names(in: ".").contains("checkpoints") == false)
    }
  }
}
