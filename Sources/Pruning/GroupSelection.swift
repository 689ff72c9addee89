import Scheduler

/// Which weights of a layer go when n of m stay in every group along a row.
enum GroupSelection {
  /// The least important of each group, of equal ones the first, as row-major indices, ascending; the
  /// layer is dense.
  static func removed(
    _ pattern: GroupPattern, inputs: Int, outputs: Int, importances: [Float]
  ) -> [Int] {
    precondition(importances.count == inputs * outputs, "an importance for each weight")
    var removed: [Int] = []
    for row in 0..<outputs {
      for start in stride(from: 0, to: inputs, by: pattern.size) {
        let first = row * inputs + start
        let group = first..<(first + min(pattern.size, inputs - start))
        let order = group.sorted { (importances[$0], $0) < (importances[$1], $1) }
        removed += order.prefix(group.count - pattern.kept(ofGroup: group.count)).sorted()
      }
    }
    return removed
  }
}
