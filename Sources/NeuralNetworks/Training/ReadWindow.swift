/// The samples that a training has in memory at once where inputs lie in their file.
package struct ReadWindow: Sendable, Equatable {
  /// Samples that are read at once, at least a step's.
  package let read: Int
  /// Those, and a step's that are left of the ones before.
  package let samples: Int
  private let columns: Int
  /// Whether an order of blocks is why there are so many.
  private let isOfOrder: Bool

  /// Bytes that are read at once where samples come in any order.
  private static let bytes = 16 << 20

  /// - Parameters:
  ///   - count: samples of an epoch.
  ///   - columns: inputs of a sample.
  ///   - batch: most samples of a step.
  ///   - blocks: the order in which samples come; nil for any.
  package init(of count: Int, columns: Int, batch: Int, blocks: BlockOrder?) {
    let usual = blocks?.mixedSamples ?? Self.bytes / (4 * max(1, columns))
    read = max(batch, min(usual, count))
    isOfOrder = blocks != nil && read > batch
    samples = read + batch
    self.columns = columns
  }

  /// Bytes of memory that they take.
  package var bytes: Double { 4 * Double(samples) * Double(columns) }

  /// What makes it smaller, for a message.
  package var advice: String {
    isOfOrder
      ? "make data.order smaller: block times mixed is in memory"
      : "take smaller batches: a step's samples are in memory"
  }
}
