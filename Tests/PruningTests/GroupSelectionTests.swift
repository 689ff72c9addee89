import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Testing

@Suite("GroupSelection")
struct GroupSelectionTests {
  private let pool = WorkerPool(threadCount: 2)

  @Test(
    "keeps the weights of each group that PyTorch keeps",
    arguments: ["2-of-4", "1-of-4", "3-of-8", "2-of-4-rest", "1-of-5-rest"])
  func golden(name: String) throws {
    let golden = try GoldenCase("groups/\(name)")
    let network = try golden.network()
    let pattern = GroupPattern(
      keep: try #require(golden.description.keep), of: try #require(golden.description.of))
    let expected = try golden.array("mask").values.map { $0 == 1 }
    let (pruned, report) = try Pruner(criterion: Magnitude(), compensation: NoCompensation()).prune(
      ModelState(network: network),
      to: .total(
        expected.count { $0 }, budget: Budget(granularity: .groups(pattern)), limits: [.none]),
      samples: randomSamples(3, inputs: network.inputs), loss: .meanSquared, pool: pool)
    let layer = pruned.network.layers[0]
    for (weight, isKept) in expected.enumerated() { #expect(layer.isKept(weight) == isKept) }
    #expect(report.remaining == expected.count { $0 })
  }

  @Test("what stays of groups is refitted by least squares, as NumPy's lstsq does it")
  func refitted() throws {
    let golden = try GoldenCase("refit/groups")
    let network = try golden.network()
    let pattern = GroupPattern(keep: 2, of: 4)
    let masks = try (1...3).map { try golden.array("mask\($0)").values.map { $0 == 1 } }
    let (pruned, report) = try Pruner(
      criterion: Magnitude(), compensation: LeastSquares(metric: .output)
    ).prune(
      ModelState(network: network),
      to: .total(
        masks.joined().count { $0 }, budget: Budget(granularity: .groups(pattern)),
        limits: network.layers.map { _ in .none }),
      samples: golden.samples(), loss: .meanSquared, pool: pool)
    for (index, layer) in pruned.network.layers.enumerated() {
      #expect(masks[index].indices.allSatisfy { layer.isKept($0) == masks[index][$0] })
      #expect(agrees(layer.weights.elements, try golden.array("V\(index + 1)").values))
      #expect(agrees(layer.bias, try golden.array("c\(index + 1)").values))
    }
    let compensation = try #require(report.compensation)
    #expect(compensation.outputs.refitted < compensation.outputs.shifted)
  }

  @Test(
    "every criterion keeps n of m, and the most important ones",
    arguments: [
      EliminationCompensation(metric: .output), Taylor(metric: .output), Wanda(),
      GradientMagnitude(signed: true),
    ] as [any PruningCriterion])
  func criteria(criterion: any PruningCriterion) throws {
    let network = randomNetwork([10, 7, 3])
    let samples = SampleSet(
      inputs: randomSamples(40, inputs: 10).inputs,
      targets: .labels((0..<40).map { Int32($0 % 3) }))
    let pattern = GroupPattern(keep: 2, of: 4)
    let (pruned, _) = try Pruner(criterion: criterion, compensation: BiasShift(metric: .output))
      .prune(
        ModelState(network: network),
        to: .total(
          7 * 5 + 3 * 4, budget: Budget(granularity: .groups(pattern)), limits: [.none, .none]),
        samples: samples, loss: .crossEntropy(), pool: pool)
    let context = try ScoringContext(
      network: network, samples: samples, loss: .crossEntropy(),
      metrics: [.output, .none], pool: pool)
    let importances = try criterion.importances(context)
    for (index, layer) in pruned.network.layers.enumerated() {
      for row in 0..<layer.outputs {
        for start in stride(from: 0, to: layer.inputs, by: 4) {
          let group = (start..<min(start + 4, layer.inputs)).map { row * layer.inputs + $0 }
          let kept = group.filter { layer.isKept($0) }
          #expect(kept.count == (group.count + 1) / 2)
          let worst = kept.map { importances[index].elements[$0] }.min()!
          for weight in group where !layer.isKept(weight) {
            #expect(importances[index].elements[weight] <= worst)
          }
        }
      }
    }
  }

  @Test("of equal weights the first go; layers that are kept stay dense")
  func ties() throws {
    var network = randomNetwork([4, 4, 2])
    network.layers[0].weights = Matrix(rows: 4, columns: 4, repeating: 1)
    let (pruned, report) = try Pruner(criterion: Magnitude(), compensation: NoCompensation()).prune(
      ModelState(network: network),
      to: .total(
        8 + 8, budget: Budget(granularity: .groups(GroupPattern(keep: 2, of: 4))),
        limits: [.none, LayerLimits(keep: true)]),
      samples: randomSamples(3, inputs: 4), loss: .meanSquared, pool: pool)
    let mask = try #require(pruned.network.layers[0].mask)
    #expect(mask.keptIndices == [2, 3, 6, 7, 10, 11, 14, 15])
    #expect(pruned.network.layers[1] == network.layers[1])
    #expect(report.layers.map(\.remaining) == [8, 8])
  }
}
