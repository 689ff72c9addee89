import Glibc
import Runs

/// The slope of ln L over ln N, by least squares: how a loss goes with the size, without a law.
package struct LogSlope: Sendable, Equatable {
  package let slope: Double
  /// Where the slope lies with 95 %, by Student's t with n − 2 degrees of freedom.
  package let interval: ClosedRange<Double>

  /// - Returns: nil for fewer than three measurements or two sizes, or a loss that is not above 0.
  package init?(sizes: [Double], losses: [Double]) {
    precondition(sizes.count == losses.count && sizes.allSatisfy { $0 > 0 }, "pairs")
    guard sizes.count >= 3, Set(sizes).count >= 2, losses.allSatisfy({ $0 > 0 }) else { return nil }
    let (x, y) = (sizes.map { log($0) }, losses.map { log($0) })
    let count = Double(x.count)
    let (xMean, yMean) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xx, xy) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      xx += (x - xMean) * (x - xMean)
      xy += (x - xMean) * (y - yMean)
    }
    let slope = xy / xx
    let squares = zip(x, y).reduce(0) { sum, pair in
      let residual = pair.1 - yMean - slope * (pair.0 - xMean)
      return sum + residual * residual
    }
    let error = (squares / (count - 2) / xx).squareRoot()
    let half = Quantile.student(0.975, freedom: count - 2) * error
    self.slope = slope
    interval = slope - half...slope + half
  }
}
