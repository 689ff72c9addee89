extension TrainingChain {
  /// Draws which units of layer `layer` are left out in the samples `columns`, and gives the layer above what
  /// is left.
  func leaveOutUnits(ofLayer layer: Int, _ columns: Range<Int>) {
    guard let dropout, let factors = results[layer].factors else { return }
    let (result, units, first) = (
      results[layer], parameters.layers[layer].outputs, columns.lowerBound
    )
    let stride = result.a.stride
    dropout.factors(
      ofLayer: layer, step: step, units: units, samples: columns, into: factors + first,
      stride: stride)
    Dropout.multiply(
      result.activated + first, by: factors + first, rows: units, width: columns.count,
      stride: stride, into: result.a.start + first)
  }
}
