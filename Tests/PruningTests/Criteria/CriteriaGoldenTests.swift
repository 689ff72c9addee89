import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Testing

@Suite("Criteria against automatic differentiation")
struct CriteriaGoldenTests {
  private static let losses: [(name: String, loss: Loss)] = [
    ("cross-entropy", .crossEntropy()), ("smoothed", .crossEntropy(labelSmoothing: 0.1)),
    ("binary", .binaryCrossEntropy), ("mse", .meanSquared),
  ]

  /// The prefix of each criterion's golden files.
  private static let criteria: [(prefix: String, criterion: any PruningCriterion)] = [
    ("T", Taylor(metric: .fisher)), ("O", OptimalBrainDamage()), ("V", Variance()),
    ("A", Wanda()), ("N", NonlinearRemoval()),
  ]

  private func context(
    _ golden: GoldenCase, loss: Loss, metrics: [OutputMetric]
  ) throws -> (Network, ScoringContext) {
    let network = try golden.network()
    let targets = try golden.array("Y")
    let samples = SampleSet(
      inputs: try golden.matrix("X"),
      targets: targets.shape.count == 1
        ? .labels(targets.values.map { Int32($0) }) : .values(try golden.matrix("Y")))
    let context = try ScoringContext(
      network: network, samples: samples, loss: loss, metrics: metrics,
      pool: WorkerPool(threadCount: 2))
    return (network, context)
  }

  @Test("give its importances for every loss", arguments: Self.losses.indices)
  func importances(index: Int) throws {
    let (name, loss) = Self.losses[index]
    let golden = try GoldenCase("criteria/\(name)")
    for (prefix, criterion) in Self.criteria {
      let (network, context) = try context(
        golden, loss: loss, metrics: [criterion.metric].compactMap { $0 })
      let found = try criterion.importances(context)
      for layer in network.layers.indices {
        let expected = try golden.array("\(prefix)\(layer + 1)").values
        // Sums in Float32 within chunks, squared weights: five digits of the layer's largest.
        #expect(
          agrees(found[layer].elements, expected, tolerance: 1e-5), "\(criterion.name) \(name)")
      }
    }
  }

  @Test("give the loss's gradient times the weight", arguments: Self.losses.indices)
  func gradients(index: Int) throws {
    let (name, loss) = Self.losses[index]
    let golden = try GoldenCase("criteria/\(name)")
    let (network, context) = try context(golden, loss: loss, metrics: [])
    let plain = GradientMagnitude().importances(context)
    let signed = GradientMagnitude(signed: true).importances(context)
    for (layer, place) in zip(network.layers, 1...) {
      let gradient = try golden.array("G\(place)").values
      let weights = layer.weights.elements.map { Double($0) }
      #expect(
        agrees(
          signed[place - 1].elements, zip(weights, gradient).map { abs($0) * $1 },
          tolerance: 1e-5))
      #expect(plain[place - 1].elements == signed[place - 1].elements.map { abs($0) })
    }
    #expect(signed.contains { $0.elements.contains { $0 < 0 } })
  }

  @Test("magnitude is the weight's, whatever the samples")
  func magnitude() throws {
    let network = randomNetwork([3, 4, 2])
    let context = try ScoringContext(
      network: network, samples: randomSamples(5, inputs: 3), loss: .meanSquared, metrics: [],
      pool: WorkerPool(threadCount: 1))
    let found = Magnitude().importances(context)
    #expect(found.map(\.elements) == network.layers.map { $0.weights.elements.map { abs($0) } })
  }

  @Test("go by the names of a schedule, and say how far they compare")
  func names() {
    let all: [any PruningCriterion] =
      Self.criteria.map(\.criterion) + [
        Magnitude(), GradientMagnitude(), GradientMagnitude(signed: true), RandomCriterion(),
      ]
    #expect(
      all.map(\.name) == [
        "taylor", "obd", "variance", "wanda", "nonlinear", "magnitude", "gradient_magnitude",
        "gradient_magnitude_signed", "random",
      ])
    #expect(all.filter { $0.scope == .row }.map(\.name) == ["wanda"])
    #expect(all.filter(\.isSigned).map(\.name) == ["gradient_magnitude_signed"])
  }

  @Test("obd refuses losses without curvature", arguments: [Loss.meanAbsolute, .huber()])
  func noCurvature(loss: Loss) throws {
    let network = randomNetwork([3, 2])
    let context = try ScoringContext(
      network: network, samples: randomSamples(5, inputs: 3), loss: loss, metrics: [.fisher],
      pool: WorkerPool(threadCount: 1))
    #expect(throws: PruningError.noCurvature) { try OptimalBrainDamage().importances(context) }
  }
}
