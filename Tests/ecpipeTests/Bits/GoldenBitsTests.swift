import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Schedules
import Testing

/// The bits of results belong to a version of the engine.
@Suite("Golden bits") struct GoldenBitsTests {
  @Test(
    "small runs come to the bits of the engine's version", .enabled(if: Use.wanted != .write),
    arguments: InstructionSet.present)
  func bits(_ set: InstructionSet) throws {
    let stored = try GoldenBits.stored()
    try #require(
      stored.engine == EngineVersion.current,
      """
      Golden/bits.json is of version \(stored.engine) of the engine, this is version \
      \(EngineVersion.current); write it anew: \(GoldenBits.writing)
      """)
    let table = try GoldenRuns.table(of: set)
    guard let known = stored.table(of: table.processor) else {
      let reason = "there are no golden values for \(table.processor)"
      guard Use.wanted == .demand else { try Test.cancel("\(reason)") }
      Issue.record("\(reason)")
      return
    }
    let others = table.otherBits(than: known)
    #expect(
      others.isEmpty,
      """
      \(others.count) results have other bits than version \(stored.engine) of the engine gives \
      them; if that is meant, raise EngineVersion.current, then: \(GoldenBits.writing)
      """)
    let edited = table.otherInputs(than: known)
    #expect(edited.isEmpty, "schedules or data were edited; then: \(GoldenBits.writing)")
  }

  @Test(
    "golden values are written, and bits do not change under one version",
    .enabled(if: Use.wanted == .write))
  func write() throws {
    var golden = (try? GoldenBits.stored()) ?? GoldenBits()
    if golden.engine != EngineVersion.current { golden = GoldenBits() }
    for set in InstructionSet.present {
      let table = try GoldenRuns.table(of: set)
      let others = golden.table(of: table.processor).map(table.otherBits) ?? []
      try #require(others.isEmpty, "raise EngineVersion.current first")
      golden.put(table)
    }
    try golden.write()
  }

  @Test("all optimizers, losses, criteria, compensations, metrics, activations are among the runs")
  func variety() throws {
    let text = try GoldenRuns.schedules().values.joined()
    func expect(_ key: String, _ words: [String]) {
      for word in words {
        #expect(
          text.contains("\(key): \(word),") || text.contains("\(key): \(word)}"), "\(key): \(word)")
      }
    }
    expect("criterion", Criterion.allCases.map(\.rawValue))
    expect("compensation", CriterionSettings.Compensation.allCases.map(\.rawValue))
    expect("metric", OutputMetric.allCases.map(\.rawValue))
    expect("activation", Activation.allCases.filter { $0 != .identity }.map(\.rawValue))
    expect("initialization", Initialization.allCases.map(\.rawValue))
    expect("loss", ["mse", "mae", "huber", "binary_cross_entropy"])
    for word in [
      "sgd: {", "nesterov: true", "adam: {", "adamw: {", "optimizer: continue", "label_smoothing:",
      "loss: {huber:",
      "cosine: {", "linear: {", "exponential: {", "step: {", "clip:", "delta: true",
      "moments: keep", "finish: {", "target: outputs", "target: labels", "target: both",
      "dropout: [",
    ] {
      #expect(text.contains(word), "\(word)")
    }
  }

  private typealias Use = GoldenBits.Use
}
