import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Testing

@Suite("ModelConsistency") struct ModelConsistencyTests {
  /// Sound progress of a pruned network with moments.
  private func contents() throws -> CheckpointContents {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "alternate/02/finetune")
    return try StoredCheckpoint.contents(of: fixture.run.progress)
  }

  @Test("a sound model has no problems")
  func sound() throws {
    #expect(try ModelConsistency(contents: contents()).ownProblems == [])
  }

  @Test("what is not 0 under its mask is named: weights, both moments")
  func nonZero() throws {
    let sound = try contents()
    let layer = try #require(
      sound.state.network.layers.firstIndex { $0.mask != nil && $0.remaining < $0.weights.count })
    let mask = try #require(sound.state.network.layers[layer].mask)
    let removed = try #require((0..<mask.count).first { !mask[$0] })
    let name = sound.state.network.layers[layer].name
    var weights = sound
    weights.state.network.layers[layer].weights.withMutableSpan { $0[removed] = 1 }
    var first = sound
    first.state.optimizer?.first[layer].weights.withMutableSpan { $0[removed] = 1 }
    var second = sound
    second.state.optimizer?.second[layer].weights.withMutableSpan { $0[removed] = 1 }
    for (contents, entry) in [
      (weights, "weight"), (first, "weight.moment1"), (second, "weight.moment2"),
    ] {
      #expect(
        ModelConsistency(contents: contents).ownProblems == [
          "entry '\(name).\(entry)' is not 0 where the mask removes a weight"
        ])
    }
  }

  @Test("values that are not finite are said")
  func notFinite() throws {
    var contents = try contents()
    contents.state.network.layers[0].bias[0] = .nan
    #expect(
      ModelConsistency(contents: contents).ownProblems
        == ["the network has values that are not finite"])
  }

  @Test("masks of as many layers, each within the earlier one")
  func nested() throws {
    let model = ModelConsistency(contents: try contents())
    #expect(model.problems(after: model.masks, of: "a") == [])
    #expect(model.problems(after: model.masks.map { _ in nil }, of: "a") == [])
    #expect(
      model.problems(after: [], of: "a") == ["it has 3 layers, stage a has 0"])
  }
}
