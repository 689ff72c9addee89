import NeuralNetworks
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Evaluations") struct EvaluateStageTests {
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - evaluate: {part: test}
      - prune: {to: 0.6}
      - finetune: {epochs: 1}
      - evaluate: {part: test}
    """

  private func record(_ name: String, _ fixture: RunFixture) throws -> EvaluationRecord {
    let record = try #require(try fixture.manifest.stages.first { $0.name == name })
    return try #require(record.evaluation)
  }

  @Test("count classes, and compare with the network before the first pruning")
  func classes() throws {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    try fixture.run()
    let stages = try fixture.manifest.stages
    let (first, last) = (try record("evaluate", fixture), try record("evaluate-2", fixture))
    #expect(first.against == nil && first.samples == 12 && last.samples == 12)
    #expect(first.residuals.isEmpty)
    let before = try #require(stages.first { $0.name == "evaluate" }?.metrics.first?.metrics)
    let after = try #require(stages.first { $0.name == "evaluate-2" }?.metrics.first?.metrics)
    for (found, metrics) in [(first, before), (last, after)] {
      let counts = try #require(found.classes)
      #expect(Double(counts.correct.reduce(0, +)) / 12 == metrics.accuracy)
    }
    let against = try #require(last.against)
    #expect(against.stage == "train" && against.metrics == before)
    let (lost, gained) = (try #require(against.lost), try #require(against.gained))
    let change = try #require(against.accuracy).value
    #expect(abs(change - Double(gained - lost) / 12) < 1e-12)
    #expect(abs(change - (after.accuracy! - before.accuracy!)) < 1e-12)
  }

  @Test("of values count residuals of each target")
  func residuals() throws {
    let schedule = (RunFixture.head + Self.stages).replacing("classification", with: "regression")
    let fixture = try RunFixture(schedule)
    try fixture.folder.write(RunFixture.table(seed: 1, isRegression: true), to: "data.csv")
    try fixture.run()
    let last = try record("evaluate-2", fixture)
    #expect(last.classes == nil && last.residuals.count == 1)
    let counts = try #require(last.residuals.first)
    #expect(counts.counts.reduce(0, +) + counts.below + counts.above == 12)
    let against = try #require(last.against)
    #expect(against.accuracy == nil && against.loss != nil)
  }

  @Test("go without the comparison where the dense network is damaged, and leave it alone")
  func damaged() throws {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    try fixture.run { $0.until = "finetune" }
    let path = try fixture.checkpoint("train")
    try fixture.folder.write("damaged", to: path)
    try fixture.run()
    let last = try record("evaluate-2", fixture)
    #expect(last.against == nil && last.classes != nil)
    #expect(try fixture.folder.text(path) == "damaged")
  }

  @Test("are read back from the manifest as they were written, whatever they hold")
  func json() throws {
    let comparison = DenseComparison(
      stage: "train", metrics: Metrics(loss: 0.5, accuracy: 0.75), lost: 3, gained: nil,
      accuracy: .init(value: -0.25, low: -0.5, high: nil), loss: nil)
    let records = [
      EvaluationRecord(
        samples: 4,
        classes: ClassCounts(
          actual: [2, 2], predicted: [3, 1], correct: [2, 1],
          confusions: [.init(actual: 1, predicted: 0, samples: 1)]), residuals: [],
        against: comparison),
      EvaluationRecord(
        samples: 2, classes: nil, residuals: [],
        against: DenseComparison(
          stage: "train", metrics: Metrics(loss: 0.5), lost: nil, gained: nil, accuracy: nil,
          loss: .init(value: 0.5, low: nil, high: nil, samplesNeeded: 12))),
      EvaluationRecord(
        samples: 3, classes: nil,
        residuals: [
          ResidualCounts(bias: 0.5, start: -1, step: 1, counts: [1, 2], below: 0, above: 0)
        ], against: nil),
    ]
    for record in records {
      #expect(try EvaluationRecord(json: record.json) == record)
    }
    for (name, value) in [
      ("samples", "x"), ("classes", [:]), ("residuals", [[:]]), ("against", [:]),
    ] as [(String, JSONValue)] {
      var json = records[0].json
      json[name] = value
      #expect(throws: JSONError.self) { try EvaluationRecord(json: json) }
    }
  }
}
