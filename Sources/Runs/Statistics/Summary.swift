/// What is told of a sample of numbers.
package struct Summary: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  /// Deviation of the sample (n − 1) over √n; nil for a single number.
  package let standardError: Double?

  /// Summarises `values`, at least one.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "at least one value")
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count > 1 else {
      standardError = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
  }

  /// The quantile `share` of `values` in ascending order, with linear interpolation between neighbours
  /// (as in R, type 7, and NumPy).
  package static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
    precondition(!values.isEmpty && (0...1).contains(share))
    let place = share * Double(values.count - 1)
    let low = Int(place)
    guard low + 1 < values.count else { return values[values.count - 1] }
    return values[low] + (place - Double(low)) * (values[low + 1] - values[low])
  }
}
