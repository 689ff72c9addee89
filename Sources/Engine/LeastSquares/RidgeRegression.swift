import NumericCore
import Synchronization

/// Regressions of some inputs of a layer on others, all with one covariance G and one ridge λ:
///
///     δ = (G_SS + λ)⁻¹ G_SP w_P
///
/// for many rows, each with its own kept inputs S, removed inputs P and removed weights w_P. With
/// A = G + λ and its inverse K, and Q all inputs outside S, the same is δ = −K_SQ K_QQ⁻¹ w_Q, where w_Q is
/// w_P and 0 elsewhere (inverse of a partitioned matrix). So a row costs the cube of the smaller of |S|
/// and |Q|: nothing much where few weights are gone, nor where few are left.
///
/// Everything in Double. Rows with the same S share a factorisation; groups of such rows are the tasks of
/// the pool, cut by shape alone, so results do not depend on the number of threads.
///
/// A class, because the inverse is computed at most once, when it first pays.
package final class RidgeRegression: Sendable {
  package let covariance: InputCovariance
  /// λ, above 0.
  package let ridge: Double
  private let inverse = Mutex<[Double]?>(nil)

  /// One row's question.
  package struct Row: Sendable {
    /// S, ascending.
    package let kept: [Int]
    /// P, ascending, none of S.
    package let removed: [Int]
    /// w_P.
    package let weights: [Double]

    package init(kept: [Int], removed: [Int], weights: [Double]) {
      precondition(removed.count == weights.count, "a weight for every removed input")
      self.kept = kept
      self.removed = removed
      self.weights = weights
    }
  }

  /// - Parameter share: λ as a share of the mean variance, above 0.
  /// - Returns: nil where no input varies, so that there is nothing to regress on.
  package init?(_ covariance: InputCovariance, share: Double) {
    let n = covariance.inputs
    let trace = (0..<n).reduce(0) { $0 + covariance.matrix[$1 * n + $1] }
    let ridge = share * trace / Double(max(n, 1))
    guard ridge.isFinite, ridge >= Double(Float.leastNormalMagnitude) else { return nil }
    self.covariance = covariance
    self.ridge = ridge
  }

  /// δ of every row, one number for each of its kept inputs. Zeros where the system cannot be solved in
  /// working precision, which the ridge rules out but for values near the ends of Double's range.
  package func corrections(of rows: [Row], pool: WorkerPool) -> [[Double]] {
    let groups = Self.groups(of: rows)
    let n = covariance.inputs
    let sizes = groups.map { rows[$0[0]].kept.count }
    let direct = sizes.reduce(0.0) { $0 + Self.cube($1) / 3 }
    let partitioned = sizes.reduce(Self.cube(n) * 7 / 3) { $0 + Self.cube(min($1, n - $1)) / 3 }
    let k = partitioned < direct ? invert(pool: pool) : nil
    let orders = sizes.map { k == nil ? $0 : min($0, n - $0) }
    let most = orders.max() ?? 0
    let scratch = DoubleBuffer(count: pool.threadCount * most * most)
    let (space, results) = (scratch.start, Results(count: rows.count))
    pool.run(tasks: groups.count) { task, worker in
      let members = groups[task].map { rows[$0] }
      let factor = space + worker * most * most
      let solved: [[Double]] =
        if let k, n - sizes[task] < sizes[task] {
          solvePartitioned(members, inverse: k, factor: factor)
        } else {
          solveDirectly(members, factor: factor)
        }
      for (row, delta) in zip(groups[task], solved) {
        results.rows[row] = delta.allSatisfy(\.isFinite) ? delta : delta.map { _ in 0 }
      }
    }
    return Array(UnsafeBufferPointer(start: results.rows, count: rows.count))
  }

  private static func cube(_ size: Int) -> Double { Double(size) * Double(size) * Double(size) }

  /// Positions of rows with equal S, in the order of their first.
  private static func groups(of rows: [Row]) -> [[Int]] {
    var places: [[Int]: Int] = [:]
    var groups: [[Int]] = []
    for (position, row) in rows.enumerated() {
      if let place = places[row.kept] {
        groups[place].append(position)
      } else {
        places[row.kept] = groups.count
        groups.append([position])
      }
    }
    return groups
  }

  // MARK: One group

  /// By the factor of A_SS.
  private func solveDirectly(
    _ rows: [Row], factor: UnsafeMutablePointer<Double>
  ) -> [[Double]] {
    let kept = rows[0].kept
    let (n, size) = (covariance.inputs, kept.count)
    return covariance.matrix.withUnsafeBufferPointer { g in
      Self.gather(g.baseAddress!, kept, columns: n, ridge: ridge, into: factor)
      guard Cholesky.factor(factor, n: size) else { return rows.map { _ in zeros(size) } }
      var right = [Double](repeating: 0, count: rows.count * size)
      for (index, row) in rows.enumerated() {
        for (input, weight) in zip(row.removed, row.weights) {
          for (column, survivor) in kept.enumerated() {
            right[index * size + column] += weight * g[input * n + survivor]
          }
        }
      }
      right.withUnsafeMutableBufferPointer {
        if let start = $0.baseAddress { Cholesky.solve(factor, n: size, start, count: rows.count) }
      }
      return rows.indices.map { Array(right[($0 * size)..<(($0 + 1) * size)]) }
    }
  }

  /// By the factor of K_QQ.
  private func solvePartitioned(
    _ rows: [Row], inverse: [Double], factor: UnsafeMutablePointer<Double>
  ) -> [[Double]] {
    let kept = rows[0].kept
    let n = covariance.inputs
    var isKept = [Bool](repeating: false, count: n)
    for input in kept { isKept[input] = true }
    let others = (0..<n).filter { !isKept[$0] }
    return inverse.withUnsafeBufferPointer { k in
      Self.gather(k.baseAddress!, others, columns: n, ridge: 0, into: factor)
      guard Cholesky.factor(factor, n: others.count) else {
        return rows.map { _ in zeros(kept.count) }
      }
      return rows.map { row in
        var full = zeros(n)
        for (input, weight) in zip(row.removed, row.weights) { full[input] = weight }
        var right = others.map { full[$0] }
        right.withUnsafeMutableBufferPointer {
          if let start = $0.baseAddress { Cholesky.solve(factor, n: others.count, start, count: 1) }
        }
        full = zeros(n)
        full.withUnsafeMutableBufferPointer { full in
          for (input, x) in zip(others, right) {
            DoubleProduct.add(n, -x, k.baseAddress! + input * n, to: full.baseAddress!)
          }
        }
        return kept.map { full[$0] }
      }
    }
  }

  private func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }

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
      if known == nil { known = computeInverse(pool: pool) }
      return known
    }
  }

  private func computeInverse(pool: WorkerPool) -> [Double]? {
    let n = covariance.inputs
    let factor = DoubleBuffer(count: n * n)
    let start = factor.start
    covariance.matrix.withUnsafeBufferPointer {
      Self.gather($0.baseAddress!, Array(0..<n), columns: n, ridge: ridge, into: start)
    }
    guard Cholesky.factor(start, n: n) else { return nil }
    var result = [Double](repeating: 0, count: n * n)
    for index in 0..<n { result[index * n + index] = 1 }
    let tasks = RowTasks(rows: n, operationsPerRow: 2 * n * n, granularity: 32)
    result.withUnsafeMutableBufferPointer { result in
      let columns = result.baseAddress!
      pool.run(tasks: tasks.count) { task, _ in
        let range = tasks.range(of: task)
        Cholesky.solve(start, n: n, columns + range.lowerBound * n, count: range.count)
      }
    }
    return result
  }
}

/// The answers of tasks, each written by one of them.
private final class Results {
  let rows: UnsafeMutablePointer<[Double]>
  private let count: Int

  init(count: Int) {
    self.count = count
    rows = .allocate(capacity: count)
    rows.initialize(repeating: [], count: count)
  }

  deinit {
    rows.deinitialize(count: count)
    rows.deallocate()
  }
}

/// Memory that is not initialised to anything.
final class DoubleBuffer {
  let start: UnsafeMutablePointer<Double>

  init(count: Int) { start = .allocate(capacity: max(count, 1)) }

  deinit { start.deallocate() }
}
