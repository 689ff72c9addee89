import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("ModelSizes")
struct ModelSizesTests {
  /// A 20-30-12-4 network of which nine weights in ten are gone.
  private static let state: ModelState = {
    var generator = SeededGenerator(seed: 6)
    let widths = [20, 30, 12, 4]
    let network = Network(
      layers: (0..<3).map { index in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        var mask = Mask(rows: outputs, columns: inputs)
        for place in 0..<mask.count where generator.next() % 10 > 0 { mask.remove(place) }
        return DenseLayer(
          name: Network.layerName(index, of: 3),
          weights: Matrix(rows: outputs, columns: inputs, generator.floats(outputs * inputs)),
          bias: generator.floats(outputs), activation: index == 2 ? .identity : .tanh, mask: mask)
      })
    return ModelState(network: network, classes: ["a", "b", "c", "d"])
  }()

  @Test("counts, memory and files of the three forms")
  func forms() throws {
    let sizes = ModelSizes(of: Self.state, pool: WorkerPool(threadCount: 1))
    let (dense, pruned, shrunk) = (sizes.variants[0], sizes.variants[1], sizes.variants[2])
    #expect(sizes.variants.map(\.form) == ModelSizes.Form.allCases)
    #expect(dense.weights == 20 * 30 + 30 * 12 + 12 * 4 && dense.total == dense.weights)
    #expect(pruned.weights == Self.state.network.remaining && pruned.total == dense.total)
    #expect(shrunk.total < pruned.total && shrunk.weights <= pruned.weights)
    #expect(dense.widths == [20, 30, 12, 4] && pruned.widths == dense.widths)
    // As matrices with biases, and two buffers of 30.
    #expect(dense.memory == 4 * dense.weights + 4 * (30 + 12 + 4) + 8 * 30)
    #expect(pruned.memory < dense.memory && shrunk.memory < pruned.memory)
    for (large, small) in [(dense, pruned), (pruned, shrunk)] {
      #expect(large.bound > small.bound)
      #expect(large.footprints.map(\.form) == small.footprints.map(\.form))
    }
    let forms = pruned.footprints.map(\.form)
    #expect(forms.first == "checkpoint" && Set(forms).count == forms.count)
    #expect(Set(ModelFormats.all.compactMap(\.suffix)).isSubset(of: forms))
    for variant in sizes.variants {
      #expect(variant.footprints.allSatisfy { ($0.bytes ?? 0) > 0 })
    }
    let export = try StateDictFormat().bytes(of: ModelExport(Self.state))
    #expect(pruned.footprints.first { $0.form == "safetensors" }?.bytes == export.count)
    let checkpoints = sizes.variants.compactMap { $0.footprints[0].bytes }
    #expect(checkpoints.count == 3 && checkpoints[0] > checkpoints[1])
    #expect(checkpoints[0] > 3 * dense.weights)
    let constants = sizes.variants.compactMap { variant in
      variant.footprints.first { $0.form == "c" }?.bytes
    }
    #expect(constants[0] == 4 * (dense.weights + 30 + 12 + 4))
    #expect(constants[1] < constants[0] && constants[2] < constants[1])
    for variant in sizes.variants {
      #expect(variant.times.map(\.samples) == [1, 64])
      #expect(variant.times.allSatisfy { $0.milliseconds > 0 && $0.milliseconds < 1000 })
    }
    #expect(ModelSizes(of: Self.state, pool: nil).variants.allSatisfy { $0.times.isEmpty })
  }

  @Test(
    "files take the bytes that are said, with what they say of where the model comes from",
    arguments: ModelFormats.all.compactMap(\.suffix).filter { $0 != "c" })
  func files(suffix: String) throws {
    let origin = ModelOrigin(
      sha256: String(repeating: "0f", count: 32),
      lineage: ["key": "1a2b", "settings": ["epochs": 2], "parent": "00ff"],
      quality: "accuracy 50.00 %")
    let sizes = ModelSizes(of: Self.state, origin: origin, pool: nil)
    let format = try #require(ModelFormats.writing("model." + suffix))
    let export = ModelExport(Self.state, origin: origin)
    for (form, export) in [(ModelSizes.Form.pruned, export), (.shrunk, export.shrunk().export)] {
      let variant = try #require(sizes.variants.first { $0.form == form })
      #expect(
        try variant.footprints.first { $0.form == suffix }?.bytes
          == format.files(of: export, at: "another-name." + suffix).byteCount)
    }
  }

  @Test("the entropy bound: places, signs and exponents, fractions, biases")
  func bound() {
    // 2 of 4 weights with one exponent and both signs: log₂ 6 + 2 · 23 + 2 · 1 + 32 bits.
    var mask = Mask(rows: 1, columns: 4)
    mask.remove(0)
    mask.remove(3)
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 1, columns: 4, [0, 1.5, -1.25, 0]), bias: [1],
      activation: .identity, mask: mask)
    let places = 2.584962500721156
    let bits = places + 46 + 2 + 32
    #expect(EntropyBound.bytes(of: Network(layers: [layer])) == Int((bits / 8).rounded(.up)))
    // All of one sign and exponent, none removed: fractions alone.
    let dense = DenseLayer(
      name: "output", weights: Matrix(rows: 2, columns: 8, repeating: 1.5), bias: [0, 0],
      activation: .prelu)
    #expect(EntropyBound.bytes(of: Network(layers: [dense])) == (16 * 23 + 3 * 32) / 8)
  }

  @Test("the result of a run takes as a checkpoint what its file takes")
  func ownFile() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let model = try StoredModel(path: fixture.run.result)
    let pruned = try #require(
      ModelSizes(of: model, pool: nil).variants.first { $0.form == .pruned })
    #expect(pruned.footprints.first?.bytes == model.size)
  }
}
