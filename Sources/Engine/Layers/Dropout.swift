import NumericCore

/// Which hidden units are left out of a step, for each sample anew: inverted dropout (Srivastava et al. 2014).
///
/// A unit of layer l is left out with the probability rates[l]; the activation of one that stays is multiplied
/// by 1 / (1 − rates[l]), so that what the layer above is given is on average what the whole network gives it.
/// So the whole network is what is used elsewhere, as it is.
///
/// The random numbers are functions of (seed, step, layer, unit, the sample's place in the batch), so that
/// neither threads nor ranks nor a stop between two steps change them.
package struct Dropout: Sendable, Equatable {
  /// One a hidden layer, each at least 0 and below 1.
  package let rates: [Double]
  package let seed: UInt64

  package init(rates: [Double], seed: UInt64) {
    precondition(rates.allSatisfy { $0 >= 0 && $0 < 1 }, "a share of the units, but not all")
    self.rates = rates
    self.seed = seed
  }

  /// The most layers that an index has room for.
  private static let layerBits = 10

  /// What the activations of layer `layer` are multiplied by in step `step`: 0 or 1 / (1 − rate).
  ///
  /// - Parameters:
  ///   - layer: of the first 1,024.
  ///   - step: below 2^36.
  ///   - samples: places in the batch, from a multiple of four to one.
  ///   - target: [units, samples], rows `stride` apart.
  package func factors(
    ofLayer layer: Int, step: Int, units: Int, samples: Range<Int>,
    into target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let place = UInt64(step) << UInt64(Self.layerBits) | UInt64(layer)
    Philox.fillGates(
      target, rows: units, columns: samples, stride: stride, rate: rates[layer], seed: seed,
      purpose: .dropout, index: place << UInt64(Philox.gateColumnBits))
  }
}

extension Dropout {
  /// `values` times `factors`, element by element, may be in place: [rows, width], rows `stride` apart.
  static func multiply(
    _ values: UnsafePointer<Float>, by factors: UnsafePointer<Float>, rows: Int, width: Int,
    stride: Int, into result: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let start = row * stride
      for column in start..<start + width { result[column] = values[column] * factors[column] }
    }
  }
}
