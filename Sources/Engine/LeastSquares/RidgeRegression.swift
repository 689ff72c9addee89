import NumericCore
import Synchronization

/// Refits rows of a layer to the pre-activations that its units are to have, each by its own kept inputs S, all
/// with the layer's moments (G the inputs' covariance, c a unit's row of the cross-covariance) and one ridge λ
/// that pulls towards the weights v that a row has:
///
///     w_S = (G_SS + λ)⁻¹ (c_S + λ v_S)
///
/// With A = G + λ, its inverse K, u = K (c + λ v) and Q all inputs outside S, the same is
/// w_S = u_S − K_SQ K_QQ⁻¹ u_Q (inverse of a partitioned matrix). So a row costs the cube of the smaller of
/// |S| and |Q|: nothing much where few weights are gone, nor where few are left.
///
/// Everything in Double. Rows with the same S share a factorisation; groups of such rows are the tasks of
/// the pool, cut by shape alone, so results do not depend on the number of threads.
///
/// A class, because the inverse is computed at most once, when it first pays.
package final class RidgeRegression: Sendable {
  package let moments: RefitMoments
  /// λ; 0 where no input varies, so that there is nothing to regress on.
  package let ridge: Double
  private let inverse = Mutex<[Double]?>(nil)

  /// One row's question.
  package struct Row: Sendable {
    package let unit: Int
    /// S, ascending.
    package let kept: [Int]
    /// v_S.
    package let weights: [Float]

    package init(unit: Int, kept: [Int], weights: [Float]) {
      precondition(kept.count == weights.count, "a weight for every kept input")
      self.unit = unit
      self.kept = kept
      self.weights = weights
    }
  }

  /// Its answer.
  package struct Fit: Sendable {
    /// w_S; v_S where it cannot be computed, is not finite or would be no better.
    package let weights: [Float]
    /// E (w·ã − z̃*)² over the samples with v, and with w.
    package let errors: (former: Double, fitted: Double)

    init(weights: [Float], errors: (former: Double, fitted: Double) = (0, 0)) {
      (self.weights, self.errors) = (weights, errors)
    }
  }

  /// - Parameter share: λ as a share of the mean variance of the inputs, above 0.
  package init(_ moments: RefitMoments, share: Double) {
    self.moments = moments
    ridge = moments.covariance.ridge(share: share)
  }

  /// - Parameter ridge: λ of a regression with the same moments.
  package init(_ moments: RefitMoments, ridge: Double) {
    (self.moments, self.ridge) = (moments, ridge)
  }

  /// The answer to every row. Where the pool is abandoned, they are worth nothing.
  package func fits(of rows: [Row], pool: WorkerPool) -> [Fit] {
    fits(of: RegressionQuestions(rows, inputs: moments.covariance.inputs), pool: pool)
  }

  /// The answer to every row of `questions`, which are asked of these inputs.
  ///
  /// - Parameters:
  ///   - ranks: divide the groups of rows, so that each of them calls this with the same; only the first is given all
  ///     answers. Nil for this process alone.
  ///   - pool: where it is abandoned, the answers are worth nothing.
  package func fits(
    of questions: RegressionQuestions, among ranks: (any Collective)? = nil, pool: WorkerPool
  ) -> [Fit] {
    let (rows, groups) = (questions.rows, questions.groups)
    let n = moments.covariance.inputs
    let k = ridge > 0 && questions.wantsInverse ? invert(pool: pool) : nil
    let sizes = groups.map { rows[$0[0]].kept.count }
    let division = ranks.map { ranks in
      let shares = PassShares(collective: ranks)
      return (shares: shares, starts: shares.starts(of: questions.costs))
    }
    let own = division.map { $0.shares.own($0.starts) } ?? groups.indices
    let most = sizes[own].reduce(0) { max($0, k == nil ? $1 : min($1, n - $1)) }
    let scratch = DoubleBuffer(count: pool.threadCount * most * most)
    let (space, results) = (scratch.start, Results<Fit?>(count: rows.count, nil))
    pool.run(tasks: own.count) { task, worker in
      let group = own.lowerBound + task
      let members = groups[group].map { rows[$0] }
      let factor = space + worker * most * most
      let solved: [[Double]?] =
        if ridge == 0 {
          members.map { _ in nil }
        } else if let k, n - sizes[group] < sizes[group] {
          solvePartitioned(members, inverse: k, factor: factor)
        } else {
          solveDirectly(members, factor: factor)
        }
      for ((place, row), weights) in zip(zip(groups[group], members), solved) {
        results.values[place] = fit(row, weights)
      }
    }
    var fits = rows.indices.map { results.values[$0] ?? Fit(weights: rows[$0].weights) }
    if let division { division.shares.collect(&fits, of: questions, division.starts) }
    return fits
  }

  /// Keeps the weights `solved` if they serve.
  private func fit(_ row: Row, _ solved: [Double]?) -> Fit {
    let former = error(of: row.weights, of: row)
    let weights = solved?.map { Float($0) } ?? row.weights
    let fitted = weights.allSatisfy(\.isFinite) ? error(of: weights, of: row) : .nan
    return fitted <= former
      ? Fit(weights: weights, errors: (former, fitted))
      : Fit(weights: row.weights, errors: (former, former))
  }

  /// wᵀ G_SS w − 2 wᵀ c_S + E z̃*², never below 0.
  private func error(of weights: [Float], of row: Row) -> Double {
    let (n, kept) = (moments.covariance.inputs, row.kept)
    let sum = moments.covariance.matrix.withUnsafeBufferPointer { g in
      moments.cross.withUnsafeBufferPointer { c in
        kept.withUnsafeBufferPointer { kept in
          weights.withUnsafeBufferPointer { w in
            var sum = 0.0
            for place in kept.indices {
              let line = kept[place] * n
              var products = 0.0
              for other in (place + 1)..<max(place + 1, kept.count) {
                products += g[line + kept[other]] * Double(w[other])
              }
              let weight = Double(w[place])
              sum +=
                weight
                * (g[line + kept[place]] * weight + 2 * (products - c[row.unit * n + kept[place]]))
            }
            return sum
          }
        }
      }
    }
    return max(0, sum + moments.targetVariance[row.unit])
  }

  // MARK: One group

  /// By the factor of A_SS.
  private func solveDirectly(
    _ rows: [Row], factor: UnsafeMutablePointer<Double>
  ) -> [[Double]?] {
    let kept = rows[0].kept
    let (n, size) = (moments.covariance.inputs, kept.count)
    moments.covariance.matrix.withUnsafeBufferPointer {
      Self.gather($0.baseAddress!, kept, columns: n, ridge: ridge, into: factor)
    }
    guard Cholesky.factor(factor, n: size) else { return rows.map { _ in nil } }
    var right = rows.flatMap { row in
      zip(kept, row.weights).map { input, weight in
        moments.cross[row.unit * n + input] + ridge * Double(weight)
      }
    }
    right.withUnsafeMutableBufferPointer {
      if let start = $0.baseAddress { Cholesky.solve(factor, n: size, start, count: rows.count) }
    }
    return rows.indices.map { Array(right[($0 * size)..<(($0 + 1) * size)]) }
  }

  /// By the factor of K_QQ.
  private func solvePartitioned(
    _ rows: [Row], inverse: [Double], factor: UnsafeMutablePointer<Double>
  ) -> [[Double]?] {
    let kept = rows[0].kept
    let n = moments.covariance.inputs
    var isKept = [Bool](repeating: false, count: n)
    for input in kept { isKept[input] = true }
    let others = (0..<n).filter { !isKept[$0] }
    return inverse.withUnsafeBufferPointer { k in
      guard let k = k.baseAddress else { return rows.map { _ in nil } }
      Self.gather(k, others, columns: n, ridge: 0, into: factor)
      guard Cholesky.factor(factor, n: others.count) else { return rows.map { _ in nil } }
      return rows.map { row in
        var right = Array(moments.cross[(row.unit * n)..<((row.unit + 1) * n)])
        for (input, weight) in zip(kept, row.weights) { right[input] += ridge * Double(weight) }
        var full = [Double](repeating: 0, count: n)
        DoubleProduct.multiply(m: 1, n: n, k: n, right, k, into: &full)
        var rest = others.map { full[$0] }
        rest.withUnsafeMutableBufferPointer {
          if let start = $0.baseAddress { Cholesky.solve(factor, n: others.count, start, count: 1) }
        }
        for (input, x) in zip(others, rest) {
          DoubleProduct.add(n, -x, k + input * n, to: &full)
        }
        return kept.map { full[$0] }
      }
    }
  }

  /// The upper triangle of the rows and columns `chosen` of `matrix`, plus the ridge.
  private static func gather(
    _ matrix: UnsafePointer<Double>, _ chosen: [Int], columns: Int, ridge: Double,
    into target: UnsafeMutablePointer<Double>
  ) {
    let size = chosen.count
    chosen.withUnsafeBufferPointer { chosen in
      for row in 0..<size {
        let source = matrix + chosen[row] * columns
        let line = target + row * size
        for column in row..<size { line[column] = source[chosen[column]] }
        line[row] += ridge
      }
    }
  }

  // MARK: The inverse

  /// K = (G + λ)⁻¹, both triangles; nil where it cannot be computed.
  private func invert(pool: WorkerPool) -> [Double]? {
    inverse.withLock { known in
      if known == nil { known = moments.covariance.inverse(ridge: ridge, pool: pool) }
      return known
    }
  }
}

/// The answers of tasks, each written by one of them.
private final class Results<Value> {
  let values: UnsafeMutablePointer<Value>
  private let count: Int

  init(count: Int, _ value: Value) {
    self.count = count
    values = .allocate(capacity: count)
    values.initialize(repeating: value, count: count)
  }

  deinit {
    values.deinitialize(count: count)
    values.deallocate()
  }
}

/// Memory that is not initialised to anything.
final class DoubleBuffer {
  let start: UnsafeMutablePointer<Double>

  init(count: Int) { start = .allocate(capacity: max(count, 1)) }

  deinit { start.deallocate() }
}
