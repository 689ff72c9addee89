import Runs

extension [Double] {
  /// The value in the middle, or the mean of the two; nil of none.
  var median: Double? { isEmpty ? nil : Summary.quantile(0.5, ofSorted: sorted()) }
}
