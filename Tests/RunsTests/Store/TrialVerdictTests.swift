import RunFixtures
import Runs
import Storage
import Testing

@Suite("Records of searches") struct TrialVerdictTests {
  private let accuracy: JSONValue = [
    "measure": "accuracy_drop", "samples": 3000, "lost": 21, "gained": 17, "before": 0.96,
    "after": 0.9586, "change": 0.0013333333333333333, "bound": 0.0048697, "confidence": 0.95,
    "allowed": 0.005, "holds": true,
  ]
  private let loss: JSONValue = [
    "measure": "loss_increase", "samples": 10, "lost": .null, "gained": .null, "before": 0.0,
    "after": 1.0, "change": .null, "bound": .null, "confidence": 0.9, "allowed": 0.05,
    "holds": false,
  ]

  @Test("a verdict is written and read, and says its reason")
  func verdicts() throws {
    for json in [accuracy, loss] { #expect(try TrialVerdict(json: json).json == json) }
    #expect(
      try TrialVerdict(json: accuracy).description
        == "accuracy drops by 0.1333 % (21 lost, 17 gained of 3000), at most 0.487 % with "
        + "confidence 0.95; allowed: 0.5 %")
    #expect(
      try TrialVerdict(json: loss).description
        == "the loss grows from 0, without a bound at confidence 0.9; not allowed, more than 5.0 %")
  }

  @Test("a metric that became better rises or falls, whatever its bound does")
  func better() throws {
    func text(_ json: JSONValue, _ change: Double, _ bound: Double?) throws -> String {
      var verdict = try TrialVerdict(json: json)
      (verdict.change, verdict.bound, verdict.holds) = (change, bound, true)
      return verdict.description
    }
    let counts = "(21 lost, 17 gained of 3000)"
    let end = "with confidence 0.95; allowed: 0.5 %"
    #expect(
      try text(accuracy, -0.0075, 0.002)
        == "accuracy rises by 0.75 % \(counts), drops by at most 0.2 % \(end)")
    #expect(
      try text(accuracy, -0.0075, -0.001)
        == "accuracy rises by 0.75 % \(counts), at least 0.1 % \(end)")
    #expect(try text(accuracy, -1e-9, 0.002).hasPrefix("accuracy drops by 0.0 % "))
    #expect(try text(loss, -0.02, nil).hasPrefix("the loss falls by 2.0 %, without a bound "))
    #expect(
      try text(loss, -0.02, 0.01).hasPrefix("the loss falls by 2.0 %, grows by at most 1.0 % with ")
    )
  }

  @Test("a member that is missing or of another kind is named")
  func missing() throws {
    for name in try #require(accuracy.objectValue?.names) {
      var damaged = accuracy
      damaged[name] = nil
      let error = try #require(throws: JSONError.self) { try TrialVerdict(json: damaged) }
      #expect("\(error)".contains(name))
    }
    var failed = try TrialVerdict(json: loss)
    (failed.after, failed.failure) = (nil, "it diverged")
    #expect(try TrialVerdict(json: failed.json) == failed && failed.description == "it diverged")
    for name in ["measure", "samples", "before", "holds"] {
      var damaged = accuracy
      damaged[name] = []
      #expect(throws: JSONError.self) { try TrialVerdict(json: damaged) }
    }
  }

  @Test("reports of searches and of recoveries are written and read")
  func reports() throws {
    let search: JSONValue = [
      "reason": "minimal_step", "source": "1a", "held": .null, "trials": 4, "rollbacks": 4,
      "before": 95, "weights": 95, "wall_clock_seconds": 1.5,
    ]
    #expect(try SearchReport(json: search).json == search)
    let recovery: JSONValue = ["epochs": 3, "recovered": true, "reference": 0.25]
    #expect(try RecoveryReport(json: recovery).json == recovery)
    var record = try RecordFixture.record("a")
    record.verdict = try TrialVerdict(json: accuracy)
    record.search = try SearchReport(json: search)
    record.recovery = try RecoveryReport(json: recovery)
    #expect(try StageRecord(json: record.json) == record)
  }
}
