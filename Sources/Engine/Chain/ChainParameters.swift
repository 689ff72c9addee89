import CKernels
import NumericCore

/// The weights, biases and slopes of a chain of layers in the form its kernels take: dense, or the
/// survivors only where a table says so.
///
/// A class, because training changes it in place and inference shares it.
package final class ChainParameters {
  let memory = ChainMemory()
  package private(set) var layers: [WorkingLayer] = []
  private var places: [CompressedRows?] = []

  /// - Parameters:
  ///   - values: the layers from the inputs upwards, at least one, whose widths fit one another.
  ///   - masked: whether masks count; else all weights are taken for kept.
  ///   - trains: whether gradients will be carried through the layers.
  package init(
    _ values: [DenseLayer], masked: Bool = true, trains: Bool,
    table: KernelTable = .committed(for: .chosen)
  ) {
    precondition(!values.isEmpty, "a chain has at least one layer")
    for value in values {
      let (outputs, inputs) = (value.outputs, value.inputs)
      precondition(layers.isEmpty || layers[layers.count - 1].outputs == inputs)
      let words = masked ? value.mask?.words : nil
      var rows: CompressedRows?
      if let words, table.compresses(rows: outputs, columns: inputs, survivors: value.remaining) {
        rows = CompressedRows(rows: outputs, columns: inputs, words: words)
      }
      let count = rows?.count ?? outputs * inputs
      let weights = memory.zeros(count)
      let mask = rows == nil ? words.map { bytes(of: $0, count: count) } : nil
      layers.append(
        WorkingLayer(
          outputs: outputs, inputs: inputs, activation: value.activation, slope: value.slope,
          slopes: value.unitSlopes.isEmpty
            ? nil : UnsafePointer(memory.copy(value.unitSlopes, padding: 0)),
          weights: weights, weightCount: count, bias: memory.copy(value.bias, padding: 0),
          mask: mask,
          survivors: rows.map { survivors(of: $0, byColumn: trains && !layers.isEmpty) }))
      places.append(rows)
      fill(weights, from: value.weights, layer: layers.count - 1, rows: 0..<outputs)
    }
  }

  package var count: Int { layers.count }
  package var inputs: Int { layers[0].inputs }
  package var outputs: Int { layers[layers.count - 1].outputs }

  /// Where the survivors of layer `index` are; nil for a dense layer.
  func survivors(of index: Int) -> CompressedRows? { places[index] }

  /// W of layer `index`, [outputs, inputs]; 0 where a weight is pruned.
  package func weights(of index: Int) -> Matrix { matrix(layers[index].weights, layer: index) }

  /// b of layer `index`.
  package func bias(of index: Int) -> [Float] { vector(layers[index].bias, layer: index) }

  /// The slope below zero of layer `index`.
  package func slope(of index: Int) -> Float { layers[index].slope }

  /// Copies rows of a matrix of a layer's shape into the form of its weights.
  ///
  /// - Parameter values: where the form of all weights would begin.
  func fill(
    _ values: UnsafeMutablePointer<Float>, from matrix: Matrix, layer index: Int, rows: Range<Int>
  ) {
    if let places = places[index] { return places.gather(rows, of: matrix, into: values) }
    let (start, count) = (rows.lowerBound * matrix.columns, rows.count * matrix.columns)
    matrix.withElements { elements in
      guard let from = elements.baseAddress else { return }
      (values + start).update(from: from + start, count: count)
    }
    if let mask = layers[index].mask { eck_apply_mask(count, mask + start, values + start) }
  }

  /// The matrix that `values`, in the form of a layer's weights, stand for.
  func matrix(_ values: UnsafePointer<Float>, layer index: Int) -> Matrix {
    if let rows = places[index] { return rows.scatter(values) }
    var matrix = Matrix(rows: layers[index].outputs, columns: layers[index].inputs)
    matrix.withMutableElements { elements in
      elements.baseAddress?.update(from: values, count: elements.count)
    }
    return matrix
  }

  /// A copy of a vector of one number an output.
  func vector(_ values: UnsafePointer<Float>, layer index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: values, count: layers[index].outputs))
  }

  /// Whether the largest weight of a layer is so large, or so small, that subnormal numbers count in what it makes:
  /// as in networks with the scaling of data in such units folded in.
  var isNearEndsOfFloat: Bool {
    layers.contains { layer in
      var largest: UInt32 = 0
      for index in 0..<layer.weightCount {
        // Without their signs, the bits of numbers have the order of the numbers.
        largest = max(largest, layer.weights[index].magnitude.bitPattern)
      }
      return largest > 0 && !(0x1p-90...0x1p90).contains(Float(bitPattern: largest))
    }
  }

  /// Sets the slope of layer `index`.
  func setSlope(_ slope: Float, of index: Int) { layers[index].slope = slope }

  private func bytes(of words: [UInt64], count: Int) -> UnsafePointer<UInt8> {
    let bytes = memory.allocate(count, filledWith: UInt8(0))
    words.withUnsafeBufferPointer { words in
      if let words = words.baseAddress { eck_expand_mask(count, words, bytes) }
    }
    return UnsafePointer(bytes)
  }

  private func survivors(of rows: CompressedRows, byColumn: Bool) -> WorkingLayer.Survivors {
    var columns: WorkingLayer.Columns?
    if byColumn {
      let (matrix, sources) = rows.transposed
      columns = WorkingLayer.Columns(
        starts: memory.copy(matrix.starts, padding: 0),
        indices: memory.copy(matrix.indices, padding: 0),
        sources: memory.copy(sources, padding: 0))
    }
    return WorkingLayer.Survivors(
      starts: memory.copy(rows.starts, padding: 0), indices: memory.copy(rows.indices, padding: 0),
      byColumn: columns)
  }
}
