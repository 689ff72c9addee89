import Glibc
import Storage

extension NumberText {
  /// A mean with its standard error, both to the error's second digit: 0.1534 ± 0.0012.
  package static func mean(_ summary: Summary) -> String {
    // What is smaller comes of rounding: all values are the same.
    guard let error = summary.standardError, error > 1e-12 * abs(summary.mean) else {
      return significant(summary.mean, 4)
    }
    let place = Int(log10(error).rounded(.down)) - 1
    let size = Int(log10(max(abs(summary.mean), error)).rounded(.down))
    if place < -6 || size > 5 {
      return significant(summary.mean, max(2, size - place + 1)) + " ± " + significant(error, 2)
    }
    let digits = max(0, -place)
    return fixed(summary.mean, digits) + " ± " + fixed(error, digits)
  }
}
