/// How numbers of a tensor become bytes: value = scale · (byte − zero).
package struct QuantizedScale: Sendable, Equatable {
  /// Above 0.
  package let scale: Double
  /// The byte that stands for 0, -128...127.
  package let zero: Int32

  /// The finest step, of a tensor that is 0 everywhere; it and its inverse are float32 numbers.
  static let finest = 1e-30

  /// The finest scale that holds `range`, 0, and steps of at least `step`.
  /// - Parameter step: above 0.
  package init(holding range: ClosedRange<Double>, step: Double) {
    let (low, high) = (min(range.lowerBound, 0), max(range.upperBound, 0))
    let scale = max((high - low) / 255, step)
    self.scale = scale
    zero = Int32(min(max((-128 - low / scale).rounded(), -128), 127))
  }

  /// The byte for `value`.
  package func byte(_ value: Double) -> Int8 {
    Int8(min(max((value / scale).rounded() + Double(zero), -128), 127))
  }

  /// The value that `byte` stands for.
  package func value(_ byte: Int8) -> Double { scale * Double(Int32(byte) - zero) }
}
