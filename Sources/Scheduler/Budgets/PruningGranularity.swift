/// In what portions weights go.
package enum PruningGranularity: String, Sendable, CaseIterable {
  /// One by one.
  case weight
  /// With the whole hidden unit that they belong to, so that dense kernels get smaller matrices.
  case unit
}
