import Glibc
import Runs

/// L(N) = a·N^(−α) + c with c ≥ 0, fitted to measurements by least squares.
///
/// For each α of a grid, a and c follow from linear least squares (c = 0 where it would be below); the best α is
/// refined between its neighbours. The interval of α is that of the profile: all α whose sum of squares is at
/// most (1 + F/(n − 3)) times the least, F being the 95 % quantile with 1 and n − 3 degrees of freedom.
package struct PowerLawFit: Sendable, Equatable {
  /// a.
  package let scale: Double
  /// α, in `exponents`.
  package let exponent: Double
  /// c.
  package let floor: Double
  /// Where α lies with 95 %; an end that lies outside `exponents` is 0, or infinite.
  package let exponentInterval: ClosedRange<Double>
  /// The sum of the squared residuals.
  package let squares: Double
  /// The probability of so much less than the squares about the mean if there was nothing but the mean: the
  /// F-test with 2 and n − 3 degrees of freedom.
  package let p: Double

  /// The fewest sizes: three parameters would fit fewer exactly.
  package static let leastSizes = 4

  /// The exponents that are looked at.
  package static let exponents = 0.01...5.0
  private static let gridSize = 250
  private static let confidence = 0.95

  /// - Returns: nil for fewer than `leastSizes`.
  package init?(sizes: [Double], losses: [Double]) {
    precondition(sizes.count == losses.count && sizes.allSatisfy { $0 > 0 }, "pairs")
    guard Set(sizes).count >= Self.leastSizes, let least = sizes.min() else { return nil }
    let profile = Profile(sizes: sizes.map { $0 / least }, losses: losses)
    let grid = Self.grid
    let values = grid.map { profile.fit($0).squares }
    let best = values.indices.min { values[$0] < values[$1] } ?? 0
    exponent = profile.minimum(
      in: grid[max(best - 1, 0)]...grid[min(best + 1, grid.count - 1)], beside: grid[best])
    let fit = profile.fit(exponent)
    (scale, floor, squares) = (fit.slope * pow(least, exponent), fit.intercept, fit.squares)
    let freedom = Double(losses.count - 3)
    let t = Quantile.student((1 + Self.confidence) / 2, freedom: freedom)
    exponentInterval = profile.interval(
      grid, values, best: best, below: fit.squares * (1 + t * t / freedom))
    let mean = losses.reduce(0, +) / Double(losses.count)
    let total = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    if fit.squares > 0 {
      let ratio = max(0, total - fit.squares) / 2 / (fit.squares / freedom)
      p = IncompleteBeta.value(freedom / (freedom + 2 * ratio), a: freedom / 2, b: 1)
    } else {
      p = total > 0 ? 0 : 1
    }
  }

  /// L(N).
  package func loss(at size: Double) -> Double { scale * pow(size, -exponent) + floor }

  private static var grid: [Double] {
    let (low, high) = (log(exponents.lowerBound), log(exponents.upperBound))
    return (0..<gridSize).map { exp(low + (high - low) * Double($0) / Double(gridSize - 1)) }
  }
}

/// The least sum of squares as a function of the exponent.
private struct Profile {
  /// As multiples of the least.
  let sizes: [Double]
  let losses: [Double]

  struct Fit {
    let slope: Double
    let intercept: Double
    let squares: Double
  }

  func fit(_ exponent: Double) -> Fit {
    let x = sizes.map { pow($0, -exponent) }
    let count = Double(x.count)
    let (xMean, yMean) = (x.reduce(0, +) / count, losses.reduce(0, +) / count)
    var (xx, xy) = (0.0, 0.0)
    for (x, y) in zip(x, losses) {
      xx += (x - xMean) * (x - xMean)
      xy += (x - xMean) * (y - yMean)
    }
    var slope = xx > 0 ? xy / xx : 0
    var intercept = yMean - slope * xMean
    if intercept < 0 {
      intercept = 0
      slope =
        zip(x, losses).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }
    }
    let squares = zip(x, losses).reduce(0) { sum, pair in
      let residual = pair.1 - intercept - slope * pair.0
      return sum + residual * residual
    }
    return Fit(slope: slope, intercept: intercept, squares: squares)
  }

  /// Where the squares are least in `range`, by golden sections; no worse than at `known`.
  func minimum(in range: ClosedRange<Double>, beside known: Double) -> Double {
    let share = (5.0.squareRoot() - 1) / 2
    var (low, high) = (range.lowerBound, range.upperBound)
    var (left, right) = (high - share * (high - low), low + share * (high - low))
    var (leftValue, rightValue) = (fit(left).squares, fit(right).squares)
    for _ in 0..<60 {
      if leftValue < rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - share * (high - low)
        leftValue = fit(left).squares
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + share * (high - low)
        rightValue = fit(right).squares
      }
    }
    let found = (low + high) / 2
    return fit(found).squares <= fit(known).squares ? found : known
  }

  /// From the first to the last exponent with squares of at most `limit`.
  func interval(
    _ grid: [Double], _ values: [Double], best: Int, below limit: Double
  ) -> ClosedRange<Double> {
    let inside = values.indices.filter { values[$0] <= limit }
    let (first, last) = (inside.first ?? best, inside.last ?? best)
    let low = first == 0 ? 0 : border(outside: grid[first - 1], inside: grid[first], limit)
    let high =
      last == grid.count - 1
      ? .infinity : border(outside: grid[last + 1], inside: grid[last], limit)
    return low...high
  }

  /// Where the squares reach `limit`.
  private func border(outside: Double, inside: Double, _ limit: Double) -> Double {
    var (outside, inside) = (outside, inside)
    for _ in 0..<60 {
      let middle = (outside + inside) / 2
      if fit(middle).squares <= limit { inside = middle } else { outside = middle }
    }
    return inside
  }
}
