import Foundation
import Testing

@Suite("What nobody may read of a night") struct NightlySecretsTests {
  private static let canaries = ["canary-address", "canary-variable", "canary-word"]
  private static let environment = [
    "PATH": "/usr/bin:/bin", "PING_URL": "http://127.0.0.1:9/canary-address",
    "TOKEN": "canary-variable", "WORD": "canary-word",
  ]
  /// A command that says on standard error what it was given, and fails.
  private static let telling = "[sh, -c, \"echo $* >&2; exit 3\", x, WORDS]"

  private static let literal = [
    "monitor: {ping: \"http://127.0.0.1:9/canary-address?x=1\", timeout: 1s}",
    "hooks: {after: {command: \(telling)}}",
  ].joined(separator: ", ").replacing(
    "WORDS", with: "\"http://127.0.0.1:9/canary-address\", \"--token=${TOKEN}\", \"${WORD}\"")
  private static let variables = [
    "monitor: {ping: \"${PING_URL}\", timeout: 1s}", "hooks: {after: {command: \(telling)}}",
  ].joined(separator: ", ").replacing(
    "WORDS", with: "\"${PING_URL}\", \"--token=${TOKEN}\", \"${WORD}\"")

  /// A job with `block` in `nightly`, with small demands.
  private func write(_ block: String, to place: Workplace) throws {
    try place.write(SmallRun.flowers(), to: "flowers.csv")
    let limits = "guard: {min_rows: 1}, promote: {min_rows: 1, not_worse_by: 0.9}"
    let nightly = [limits, block].filter { !$0.isEmpty }.joined(separator: ", ")
    try place.write(
      SmallRun.schedule.replacing("test: 0.2}", with: "test: 0.2, by: content}")
        + "nightly: {\(nightly)}\n", to: "small.yaml")
  }

  private func expectNoCanary(_ place: Workplace, _ outcomes: [Outcome]) {
    for (name, content) in place.snapshot() where name.hasPrefix("checkpoints") {
      for canary in Self.canaries {
        #expect(content.range(of: Data(canary.utf8)) == nil, "\(canary) in \(name)")
      }
    }
    for text in outcomes.flatMap({ [$0.output, $0.errors] }) {
      for canary in Self.canaries { #expect(!text.contains(canary), "\(canary) in \(text)") }
    }
  }

  @Test(
    "stands in no file of the job and in no output, wherever the settings say it",
    arguments: [
      (literal, []), (variables, []),
      ("", ["nightly.monitor.ping=http://127.0.0.1:9/canary-address"]),
      (
        "",
        ["nightly={\(literal), guard: {min_rows: 1}, promote: {min_rows: 1, not_worse_by: 0.9}}"]
      ),
      (
        "",
        ["nightly={\(variables), guard: {min_rows: 1}, promote: {min_rows: 1, not_worse_by: 0.9}}"]
      ),
    ])
  func canaries(block: String, overrides: [String]) throws {
    try Workplace.with { place in
      try write(block, to: place)
      let words = overrides.flatMap { ["--set", $0] }
      func night(_ more: String...) throws -> Outcome {
        try place.run(
          ["run", "small.yaml", "--nightly"] + more + words, environment: Self.environment)
      }
      let first = try night("--json")
      #expect(first.code == 0, "\(first.errors)")
      let log = try place.text("checkpoints/small/nightly.log")
      // Whoever hides the words has to have seen them.
      #expect(log.contains("warning: ping: ") == log.contains("warning: "))
      #expect(block.isEmpty || log.contains("it ended with exit code 3: (hidden)"))
      let looks = try [
        place.run("status", "small", environment: Self.environment),
        place.run("history", "small", "--json", environment: Self.environment),
        place.run("status", "small/\(champion(place))", environment: Self.environment),
        place.run("verify", "small", environment: Self.environment),
      ]
      #expect(looks.allSatisfy { $0.code == 0 }, "\(looks)")
      try FileManager.default.removeItem(atPath: place.file("flowers.csv"))
      let failed = try night()
      #expect(failed.code == 66 && failed.errors.contains("go on with:"))
      expectNoCanary(place, [first, failed] + looks)
    }
  }

  private func champion(_ place: Workplace) -> String {
    (try? FileManager.default.destinationOfSymbolicLink(
      atPath: place.file("checkpoints/small/champion"))) ?? ""
  }

  @Test("a night needs the variables that hooks and pings name, and whoever looks at it does not")
  func lacking() throws {
    try Workplace.with { place in
      try write(Self.variables, to: place)
      try #require(
        place.run("run", "small.yaml", "--nightly", environment: Self.environment).code == 0)
      let night = "small/" + champion(place)
      for words in [
        ["status", night], ["gc", "small", "--dry-run"], ["verify", night, "--deep"],
      ] {
        let outcome = try place.run(words)
        #expect(outcome.code == 0, "\(words): \(outcome.errors)")
      }
      let lacking = try place.run("run", "small.yaml", "--nightly")
      #expect(lacking.code == 65 && lacking.errors.contains("PING_URL"))
    }
  }

  @Test("stands in no message about an override that is wrong")
  func wrong() throws {
    try Workplace.with { place in
      try write("", to: place)
      let outcome = try place.run(
        "run", "small.yaml", "--nightly", "--set", "nightly.monitor.ping=ftp://x/canary-address")
      #expect(outcome.code == 65 && outcome.errors.contains("--set nightly.monitor.ping=…"))
      expectNoCanary(place, [outcome])
    }
  }
}
