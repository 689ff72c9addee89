/// Whether short pieces of work of one kind, one after the other, go faster on all threads of a pool or on the
/// caller's alone, found by timing both: to share out 50 microseconds can take longer than it saves, above all where
/// a virtual machine's processors are not there all the time.
///
/// Pieces are timed in blocks. The faster way is kept for many pieces, and what these take counts from then on;
/// then the other way has a short block again, because a machine does not stay as it is.
package struct ThreadChoice: Sendable {
  /// Pieces of a block that tries a way out.
  package static let triedPieces = 32
  /// The first pieces of such a block, which are not counted: threads wake up, and caches change hands.
  static let unsettledPieces = 4
  /// Pieces that the faster way is kept for.
  package static let keptPieces = 2_000
  /// Pieces that take longer than this many seconds on all threads are always shared.
  package static let longPiece = 1e-3

  /// Whether the next piece goes on all threads.
  package private(set) var usesAllThreads = true

  /// Mean seconds of a piece on all threads and on one, as last measured; nil where it has not been.
  private var onAll: Double?
  private var alone: Double?
  /// Of the present block.
  private var seconds = 0.0
  private var pieces = 0
  private var length = ThreadChoice.triedPieces

  package init() {}

  /// Takes note of what the last piece took, in seconds.
  package mutating func note(_ pieceSeconds: Double) {
    pieces += 1
    if pieces > Self.unsettledPieces { seconds += pieceSeconds }
    if pieces == length { finishBlock() }
  }

  private mutating func finishBlock() {
    let mean = seconds / Double(pieces - Self.unsettledPieces)
    let wasTrial = length == Self.triedPieces
    if usesAllThreads { onAll = mean } else { alone = mean }
    (seconds, pieces) = (0, 0)
    if let onAll, onAll > Self.longPiece {
      (usesAllThreads, length) = (true, Self.keptPieces)
    } else if let onAll, let alone, wasTrial {
      (usesAllThreads, length) = (onAll <= alone, Self.keptPieces)
    } else {
      (usesAllThreads, length) = (!usesAllThreads, Self.triedPieces)
    }
  }
}
