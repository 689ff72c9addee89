import Engine

/// A layer in bytes, as CMSIS-NN has it: weights with a scale a row and 0 at 0, biases of 32 bits, sums that
/// become bytes by a multiplier a row and a shift.
package struct QuantizedLayer: Sendable {
  package let name: String
  package let activation: Activation
  /// Those that are not 0.
  let live: LiveRows<Int8>
  /// How they lie in memory, and in which order.
  package let rows: CRows
  package let weights: [Int8]
  /// With −zero of the inputs times the sum of a row's weights.
  package let bias: [Int32]
  /// What 1 of a row's sum stands for.
  let units: [Double]
  /// One a row.
  package let multipliers: [Int32]
  /// Those for sums below 0, of a function with slopes; else empty.
  package let below: [Int32]
  package let shift: Int32
  /// Of what sums become.
  package let sums: QuantizedScale
  /// The least byte that a sum becomes.
  package let least: Int32
  /// Of what the layer gives.
  package let output: QuantizedScale
  /// What each byte of a sum, from -128, becomes; empty where that is done already.
  package let table: [Int8]

  /// What is known of a layer's numbers.
  struct Ranges {
    /// Of W x + b.
    let sums: ClosedRange<Double>
    /// Of what the function makes of it.
    let outputs: ClosedRange<Double>
  }

  /// Most inputs, so that no sum is beyond 32 bits.
  package static let mostInputs = 32_768
  /// The largest bias.
  private static let largestBias = 1_073_741_824.0

  /// - Parameters:
  ///   - input: of what the layer takes.
  ///   - correction: what is added to the sums, in their units: [rows].
  init(_ layer: FloatLayer, input: QuantizedScale, ranges: Ranges, correction: [Double]) {
    let weights = layer.weights
    let count = weights.rows
    let biases = (0..<count).map { Double(layer.bias[$0]) + correction[$0] }
    // Of a product of an input and a weight; so that a bias of 30 bits is held, too.
    let scales = (0..<count).map { row in
      let range = weights.starts[row]..<weights.starts[row + 1]
      let largest = range.reduce(0.0) { max($0, Double(abs(weights.values[$1]))) }
      return max(
        largest / 127 * input.scale, abs(biases[row]) / Self.largestBias,
        Double.leastNormalMagnitude)
    }
    let slopes = layer.hasSlopes ? layer.slopes.map(Double.init) : []
    // Sums are never multiplied by more than 1.
    let step = scales.indices.reduce(0.0) {
      max($0, scales[$1] * max(1, slopes.isEmpty ? 0 : abs(slopes[$1])))
    }
    let sums = QuantizedScale(
      holding: layer.needsTable ? ranges.sums : ranges.outputs, step: step * 1.000_000_01)
    var dense = [Int8](repeating: 0, count: count * weights.columns)
    var bias: [Int32] = []
    for row in 0..<count {
      var total: Int32 = 0
      for index in weights.starts[row]..<weights.starts[row + 1] {
        let exact = Double(weights.values[index]) * input.scale / scales[row]
        let value = Int8(min(max(exact.rounded(), -127), 127))
        dense[row * weights.columns + weights.places[index]] = value
        total += Int32(value)
      }
      let exact = min(
        max((biases[row] / scales[row]).rounded(), -Self.largestBias), Self.largestBias)
      bias.append(Int32(exact) - input.zero * total)
    }
    let factors = scales.map { $0 / sums.scale }
    let parts = Requantization.parts(of: factors + zip(factors, slopes).map { $0 * $1 })
    name = layer.name
    activation = layer.activation
    live = LiveRows(dense, rows: count, columns: weights.columns)
    let rows = CRows(
      rows: count, columns: weights.columns, isLive: dense.map { $0 != 0 }, valueBytes: 1)
    self.rows = rows
    self.weights = rows.indices.map { dense[$0] }
    self.bias = bias
    units = scales
    multipliers = Array(parts.multipliers.prefix(count))
    below = Array(parts.multipliers.dropFirst(count))
    shift = parts.shift
    self.sums = sums
    least = layer.activation == .relu ? sums.zero : -128
    guard layer.needsTable else {
      (output, table) = (sums, [])
      return
    }
    let output = QuantizedScale(holding: ranges.outputs, step: QuantizedScale.finest)
    self.output = output
    table = (Int8.min...Int8.max).map { byte in
      // A step behind the largest of the samples can be beyond float32.
      let most = Double(Float.greatestFiniteMagnitude)
      let sum = Float(min(max(sums.value(byte), -most), most))
      let value = CArithmetic.value(layer.activation, sum, slope: 0)
      return output.byte(Double(value))
    }
  }

  /// W x + b in units of a product.
  func products(_ x: [Int8]) -> [Int32] {
    (0..<live.rows).map { row in
      var sum = bias[row]
      for index in live.starts[row]..<live.starts[row + 1] {
        sum += Int32(live.values[index]) * Int32(x[live.places[index]])
      }
      return sum
    }
  }

  /// The bytes that `products` become.
  func bytes(_ products: [Int32]) -> [Int8] {
    products.indices.map { row in
      let multiplier = products[row] < 0 && !below.isEmpty ? below[row] : multipliers[row]
      let value = Requantization.value(products[row], multiplier: multiplier, shift: shift)
      let byte = Int8(min(max(value + sums.zero, least), 127))
      return table.isEmpty ? byte : table[Int(byte) + 128]
    }
  }

  /// Bytes of its constants.
  package var byteCount: Int {
    rows.bytes + 4 * (bias.count + multipliers.count + below.count) + table.count
  }
}
