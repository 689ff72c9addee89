import NumericCore

/// Some samples of a layer, and the powers of its inputs and pre-activations that moments are sums of.
struct MomentChunk {
  private let units: Int
  private let inputs: Int
  private let capacity: Int
  /// Wᵀ, [inputs, units].
  private let transposed: [Double]
  private var samples = 0
  /// x̃, x̃² and x̃³, [samples, inputs] each.
  private var powers: [[Double]]
  /// z̃, [samples, units].
  private var values: [Double]
  /// z̃, z̃² and z̃³, [units, samples] each.
  private var unitPowers: [[Double]]

  /// - Parameter weights: W, [units, inputs].
  init(_ weights: [Double], units: Int, inputs: Int, capacity: Int) {
    (self.units, self.inputs, self.capacity) = (units, inputs, capacity)
    var transposed = weights
    for unit in 0..<units {
      for input in 0..<inputs { transposed[input * units + unit] = weights[unit * inputs + input] }
    }
    self.transposed = transposed
    powers = Array(repeating: Array(repeating: 0, count: capacity * inputs), count: 3)
    values = Array(repeating: 0, count: capacity * units)
    unitPowers = Array(repeating: values, count: 3)
  }

  /// Takes the samples `rows` of `data` less `means`.
  mutating func fill(_ data: Matrix, rows: ArraySlice<Int32>, means: [Double]) {
    precondition(rows.count <= capacity)
    samples = rows.count
    let (samples, units, inputs) = (samples, units, inputs)
    data.withSpan { data in
      for (sample, row) in rows.enumerated() {
        for input in 0..<inputs {
          let x = Double(data[Int(row) * inputs + input]) - means[input]
          let place = sample * inputs + input
          powers[0][place] = x
          powers[1][place] = x * x
          powers[2][place] = x * x * x
        }
      }
    }
    if units > 0, inputs > 0 {
      powers[0].withUnsafeBufferPointer { x in
        transposed.withUnsafeBufferPointer { weights in
          values.withUnsafeMutableBufferPointer { z in
            DoubleProduct.multiply(
              m: samples, n: units, k: inputs, x.baseAddress!, weights.baseAddress!,
              into: z.baseAddress!)
          }
        }
      }
    }
    for unit in 0..<units {
      for sample in 0..<samples {
        let z = values[sample * units + unit]
        let place = unit * samples + sample
        unitPowers[0][place] = z
        unitPowers[1][place] = z * z
        unitPowers[2][place] = z * z * z
      }
    }
  }

  /// Adds Σ x̃², Σ z̃² and Σ x̃⁴, Σ z̃⁴.
  func add(
    to squares: inout (inputs: [Double], units: [Double]),
    _ fourths: inout (inputs: [Double], units: [Double])
  ) {
    for sample in 0..<samples {
      for input in 0..<inputs {
        let square = powers[1][sample * inputs + input]
        squares.inputs[input] += square
        fourths.inputs[input] += square * square
      }
    }
    for unit in 0..<units {
      for sample in 0..<samples {
        let square = unitPowers[1][unit * samples + sample]
        squares.units[unit] += square
        fourths.units[unit] += square * square
      }
    }
  }

  /// Adds Σ z̃ x̃, Σ z̃³ x̃, Σ z̃² x̃² and Σ z̃ x̃³ of the units `range`.
  ///
  /// - Parameters:
  ///   - sums: [4, units, inputs].
  ///   - scratch: a number for each of the units and each input.
  func addProducts(
    _ range: Range<Int>, to sums: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    guard samples > 0, inputs > 0, !range.isEmpty else { return }
    let pairs = [(0, 0), (2, 0), (1, 1), (0, 2)]
    for (product, (unitPower, inputPower)) in pairs.enumerated() {
      unitPowers[unitPower].withUnsafeBufferPointer { z in
        powers[inputPower].withUnsafeBufferPointer { x in
          DoubleProduct.multiply(
            m: range.count, n: inputs, k: samples, z.baseAddress! + range.lowerBound * samples,
            x.baseAddress!, into: scratch)
        }
      }
      DoubleProduct.add(
        range.count * inputs, 1, scratch,
        to: sums + (product * units + range.lowerBound) * inputs)
    }
  }
}
