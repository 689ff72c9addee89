import Datasets

/// How large a network is begun with and how it is trained, and why.
package struct NetworkGuess: Sendable, Equatable {
  package let hidden: [Int]
  package let hiddenReason: String
  package let batch: Int
  package let epochs: Int
  package let trainingReason: String
  /// The learning rate of rounds; nil for the one that holds unstated.
  package let tuningRate: Double?
  package let tuningReason: String

  /// Shares of the rows that are kept for validation and for the test.
  package let validation: Double
  package let test: Double

  /// Fewer rows are learnt in small batches, since there are few steps else.
  private static let few = 1_000
  /// So many rows need fewer epochs.
  private static let many = 50_000
  /// Fewer rows have larger parts to measure on.
  private static let tiny = 200
  private static let wide = 200

  /// - Parameters:
  ///   - rows: of the table.
  ///   - width: numbers that the network takes.
  package init(rows: Int, width: Int) {
    if width > Self.wide {
      hidden = [128, 64]
      hiddenReason = "128 units for \(width) inputs, then 64; what is too much is pruned away"
    } else {
      hidden = [64, 64]
      hiddenReason = "enough for most tables; what is too much is pruned away"
    }
    // Chosen on rows that are neither trained on nor reported; the table is in the documentation.
    if rows < Self.few {
      (tuningRate, tuningReason) = (0.0005, "gently, since few rows are soon learnt by heart")
    } else if rows < Self.many {
      (tuningRate, tuningReason) = (0.001, "as in training; without this line three times as fast")
    } else {
      (tuningRate, tuningReason) = (nil, "")
    }
    if rows < Self.few {
      (batch, epochs) = (16, 30)
      trainingReason = "small batches, since \(rows) rows make few steps"
    } else if rows < Self.many {
      (batch, epochs) = (64, 30)
      trainingReason = "the usual batches"
    } else {
      (batch, epochs) = (256, 10)
      trainingReason = "large batches and few epochs, since \(rows) rows make many steps"
    }
    (validation, test) = rows < Self.tiny ? (0.2, 0.2) : (0.15, 0.15)
  }
}
