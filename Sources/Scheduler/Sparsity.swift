/// The fraction of a network's weights that is removed, at least 0 and below 1.
///
/// It always counts over all weights of the network, those of kept layers included; biases and
/// activation slopes are not weights.
package struct Sparsity: Sendable, Hashable {
  /// The fraction removed, in [0, 1).
  package let fraction: Double

  /// Nothing removed.
  package static let zero = Sparsity(unchecked: 0)

  /// A sparsity of `fraction`.
  ///
  /// - Throws: `SparsityError.notASparsity` outside [0, 1).
  package init(_ fraction: Double) throws(SparsityError) {
    guard fraction >= 0, fraction < 1 else { throw .notASparsity(fraction) }
    self.init(unchecked: fraction == 0 ? 0 : fraction)
  }

  /// The sparsity measured on a network with `kept` of `total` weights left; 0 without any weights.
  ///
  /// `kept(of: total)` of the result is `kept` again.
  ///
  /// - Throws: `SparsityError.countOutOfRange`, `SparsityError.nothingLeft`.
  package init(kept: Int, of total: Int) throws(SparsityError) {
    guard kept >= 0, kept <= total else { throw .countOutOfRange(kept: kept, total: total) }
    guard total > 0 else {
      self = .zero
      return
    }
    guard kept > 0 else { throw .nothingLeft(total: total) }
    self.init(unchecked: Double(total - kept) / Double(total))
  }

  /// For values that are in [0, 1) by their derivation.
  init(unchecked fraction: Double) {
    self.fraction = fraction
  }

  /// How many of `total` weights this sparsity removes: ⌊r·N + ½⌋.
  ///
  /// The formula is evaluated in Double, one rounding an operation, so that any other tool which
  /// does the same gets the same integer. Up to 2^40 weights the product is off by at most 2^-14
  /// of a weight, so rounding can only decide which way a half goes. The result never falls as
  /// `fraction` or `total` grows.
  package func removed(of total: Int) -> Int {
    precondition(total >= 0, "a network has no negative number of weights")
    return min(total, Int((fraction * Double(total) + 0.5).rounded(.down)))
  }

  /// How many of `total` weights this sparsity leaves: N − ⌊r·N + ½⌋, which may be 0.
  package func kept(of total: Int) -> Int {
    total - removed(of: total)
  }

  /// The fewest of `total` weights whose sparsity, computed from the counts in Double, is at most this one:
  /// what a limit leaves, where `kept(of:)` is a target and may round beyond it.
  package func fewestKept(of total: Int) -> Int {
    let all = Double(total)
    var removed = Int((fraction * all).rounded(.down))
    while removed < total, Double(removed + 1) / all <= fraction { removed += 1 }
    while removed > 0, Double(removed) / all > fraction { removed -= 1 }
    return total - removed
  }

  /// The sparsity with the fewest decimals that removes exactly `removed` of `total` weights, for
  /// messages that propose a value to write down; nil where there is none.
  package static func shortest(removing removed: Int, of total: Int) -> Sparsity? {
    guard removed >= 0, removed <= total else { return nil }
    if removed == 0 { return .zero }
    let exact = Double(removed) / Double(total)
    let lowest = (Double(removed) - 0.5) / Double(total)
    var scale = 1.0
    for _ in 0..<18 {
      for fraction in [(exact * scale).rounded() / scale, (lowest * scale).rounded(.up) / scale] {
        guard let sparsity = try? Sparsity(fraction) else { continue }
        if sparsity.removed(of: total) == removed { return sparsity }
      }
      scale *= 10
    }
    return nil
  }
}

extension Sparsity: Comparable {
  package static func < (left: Sparsity, right: Sparsity) -> Bool {
    left.fraction < right.fraction
  }
}

extension Sparsity: CustomStringConvertible {
  /// The fraction in its shortest form that reads back exactly.
  package var description: String { "\(fraction)" }
}
