/// In what portions weights go.
package enum PruningGranularity: Sendable, Equatable {
  /// One by one.
  case weight
  /// With the whole hidden unit that they belong to, so that dense kernels get smaller matrices.
  case unit
  /// So many of every group of consecutive weights along a row.
  case groups(GroupPattern)

  /// The groups of which the same number of weights stays; nil for none.
  package var pattern: GroupPattern? {
    if case .groups(let pattern) = self { return pattern }
    return nil
  }
}
