import NeuralNetworks
import NumericCore

extension CFormat {
  /// The constants that a program of the model has, in float and in bytes; a source's own length says nothing
  /// of what it takes.
  package func footprints(of export: ModelExport) -> [Footprint] {
    [
      Footprint(form: "c", title: "bytes of constants in C", bytes: floatBytes(of: export)),
      Footprint(
        form: "c_int8", title: "bytes of constants in C, int8", bytes: int8Bytes(of: export)),
    ]
  }

  private func floatBytes(of export: ModelExport) -> Int? {
    guard obstacle(to: export.state) == nil, let facts = try? CFacts(export, at: "model.c"),
      let network = try? FoldedNetwork(export.state)
    else { return nil }
    return CProgram(network, facts, rows: []).bytes
  }

  /// Sizes hardly depend on scales, so these are had from noise, and no better ones are looked for: there need be no
  /// data.
  private func int8Bytes(of export: ModelExport) -> Int? {
    let inputs = export.state.network.inputs
    var generator = Philox(seed: 0, purpose: .scoringSamples)
    let count = 16
    let noise = Matrix(
      rows: count, columns: inputs,
      (0..<(count * inputs)).map { _ in Float(generator.nextNormalPair().0) })
    let calibration = Calibration(
      export.state, samples: noise, indices: (0..<Int32(count)).map { $0 }, cuts: [0])
    guard obstacle(to: export.state) == nil, let facts = try? CFacts(export, at: "model.c"),
      let network = try? calibration.network()
    else { return nil }
    return CQuantizedProgram(network, facts, rows: []).bytes
  }
}
