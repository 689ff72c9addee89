import Engine
import NeuralNetworks
import NumericCore

/// Finds the scales of a network in bytes by what samples make of it.
///
/// Tried are inputs as they are, with one scale for all columns, and inputs scaled as the model's own
/// scaling has it, with one of its own a column; and for every layer the whole range of its numbers, or all
/// but the outermost of them. What comes closest to the float network's outputs is taken.
package struct Calibration {
  /// Rows that ranges are had from, and rows of them that choices are compared on, from everywhere in the
  /// samples.
  private static let (mostRows, mostCompared) = (1_024, 256)
  /// Shares of the numbers at either end that may be cut off.
  package static let cuts = [0, 1e-4, 1e-3, 1e-2]
  /// How much closer scales of columns have to come, which cost memory.
  private static let worthColumns = 0.8

  private let state: ModelState
  private let cuts: [Double]
  /// In the network's units, [rows][inputs].
  private let rows: [[Float]]

  /// - Parameters:
  ///   - inputs: [samples, inputs], in the network's units; at least one.
  ///   - cuts: shares that are tried, at least one.
  package init(
    _ state: ModelState, samples inputs: Matrix, indices: [Int32], cuts: [Double] = Calibration.cuts
  ) {
    self.state = state
    self.cuts = cuts
    rows = Self.rows(of: indices).map { inputs.row(Int($0)) }
  }

  /// The rows of `indices` that are looked at, from everywhere in them.
  package static func rows(of indices: [Int32]) -> [Int32] {
    let count = min(indices.count, mostRows)
    return (0..<count).map { indices[$0 * indices.count / count] }
  }

  /// The network in bytes.
  /// - Throws: `ModelFileError.unsupported` where there cannot be one.
  package func network() throws(ModelFileError) -> QuantizedNetwork {
    if let wide = state.network.layers.first(where: { $0.inputs > QuantizedLayer.mostInputs }) {
      throw .unsupported(
        "layer '\(wide.name)' has \(wide.inputs) inputs, and sums of bytes hold \(QuantizedLayer.mostInputs); leave "
          + "\(ExportOption.int8.commandLine) out")
    }
    do {
      return try closest()
    } catch {
      throw .unsupported("\(error)")
    }
  }

  private func closest() throws -> QuantizedNetwork {
    var plain = state
    plain.targetScaling = nil
    let folded = try FoldedNetwork(plain).layers.map { FloatLayer($0) }
    let uniform = try best(folded, rows.map { state.raw($0) }) { inner in
      QuantizedNetwork.Entry(
        scales: [Float(1 / inner.scale)], shifts: [Float(inner.zero)], inner: inner)
    }
    try demandFloats(uniform.network)
    guard let scaling = state.inputScaling else { return uniform.network }
    plain.inputScaling = nil
    let inner = try FoldedNetwork(plain).layers.map { FloatLayer($0) }
    let byColumn = try best(inner, rows) { inner in
      QuantizedNetwork.Entry(
        scales: scaling.scale.map { Float($0 / inner.scale) },
        shifts: zip(scaling.shift, scaling.scale).map { shift, scale in
          Float(Double(inner.zero) - shift * scale / inner.scale)
        }, inner: inner)
    }
    // Where these are none, one scale for all columns holds next to nothing of the others.
    try demandFloats(byColumn.network)
    return byColumn.error < Self.worthColumns * uniform.error ? byColumn.network : uniform.network
  }

  /// Makes sure that all numbers of `network` that are written as float32 are such.
  private func demandFloats(_ network: QuantizedNetwork) throws(FoldingError) {
    if let layer = network.layerBeyondFloat { throw .nonFinite(layer: layer) }
  }

  /// The closest network of `layers`, and its mean squared difference.
  /// - Parameters:
  ///   - inputs: what the first layer takes.
  ///   - entry: the way in for bytes of a scale.
  private func best(
    _ layers: [FloatLayer], _ inputs: [[Float]],
    entry: (QuantizedScale) -> QuantizedNetwork.Entry
  ) throws(ModelFileError) -> (network: QuantizedNetwork, error: Double) {
    let values = LayerValues(layers, inputs)
    guard values.isFinite, inputs.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .unsupported("on the samples some numbers in the network are not finite; look at these")
    }
    let chosen = inputs.indices.filter { $0 % max(1, inputs.count / Self.mostCompared) == 0 }
    let raw = chosen.map { state.raw(rows[$0]) }
    let expected = chosen.map { values.outputs[layers.count - 1][$0] }
    let choices = cuts.map { cut -> (network: QuantizedNetwork, error: Double) in
      let inner = QuantizedScale(
        holding: LayerValues.range(inputs, cut: cut), step: QuantizedScale.finest)
      let network = network(layers, values, entry(inner), chosen, raw, cut: cut)
      let last = network.layers[layers.count - 1].output
      var error = 0.0
      for (row, wanted) in zip(raw, expected) {
        for (byte, value) in zip(network.outputs(network.quantized(row)), wanted) {
          let difference = last.value(byte) - Double(value)
          error += difference * difference
        }
      }
      return (network, error)
    }
    return choices.dropFirst().reduce(choices[0]) { $1.error < $0.error ? $1 : $0 }
  }

  /// The network with all but `cut` of the numbers at either end. What rounding has done to the mean of a
  /// sum, its bias makes up for (Nagel et al. 2019, on samples).
  private func network(
    _ layers: [FloatLayer], _ values: LayerValues, _ entry: QuantizedNetwork.Entry,
    _ chosen: [Int], _ raw: [[Float]], cut: Double
  ) -> QuantizedNetwork {
    var bytes = raw.map(entry.bytes)
    var input = entry.inner
    var made: [QuantizedLayer] = []
    for (index, layer) in layers.enumerated() {
      // Outputs are not cut: the largest of them is what counts.
      let cut = index == layers.count - 1 ? 0 : cut
      let ranges = QuantizedLayer.Ranges(
        sums: LayerValues.range(values.sums[index], cut: cut),
        outputs: LayerValues.range(values.outputs[index], cut: cut))
      let none = [Double](repeating: 0, count: layer.bias.count)
      var quantized = QuantizedLayer(layer, input: input, ranges: ranges, correction: none)
      var correction = none
      for (row, sample) in zip(chosen, bytes) {
        let products = quantized.products(sample)
        for unit in products.indices {
          correction[unit] +=
            Double(values.sums[index][row][unit]) - Double(products[unit]) * quantized.units[unit]
        }
      }
      correction = correction.map { $0 / Double(max(1, chosen.count)) }
      quantized = QuantizedLayer(layer, input: input, ranges: ranges, correction: correction)
      bytes = bytes.map { quantized.bytes(quantized.products($0)) }
      input = quantized.output
      made.append(quantized)
    }
    return QuantizedNetwork(entry: entry, layers: made, targetScaling: state.targetScaling)
  }
}

/// What a float network makes of samples, layer by layer: [layer][sample][unit].
private struct LayerValues {
  var sums: [[[Float]]] = []
  var outputs: [[[Float]]] = []

  init(_ layers: [FloatLayer], _ inputs: [[Float]]) {
    var x = inputs
    for layer in layers {
      let z = x.map(layer.sums)
      x = z.map(layer.activated)
      sums.append(z)
      outputs.append(x)
    }
  }

  var isFinite: Bool {
    (sums + outputs).allSatisfy { $0.allSatisfy { $0.allSatisfy(\.isFinite) } }
  }

  /// From the least to the largest number, without the share `cut` of them at either end.
  static func range(_ rows: [[Float]], cut: Double) -> ClosedRange<Double> {
    var all = rows.flatMap { $0 }
    guard cut > 0 else {
      return Double(all.min() ?? 0)...Double(all.max() ?? 0)
    }
    all.sort()
    let left = min(Int(Double(all.count) * cut), max(0, (all.count - 1) / 2))
    return Double(all[left])...Double(all[all.count - 1 - left])
  }
}

extension ModelState {
  /// Raw inputs for a row in the network's units.
  package func raw(_ row: [Float]) -> [Float] {
    guard let inputScaling else { return row }
    return row.indices.map {
      Float(inputScaling.raw(Double(row[$0]), column: $0))
    }
  }
}
