/// What shrinking has removed from a network.
package struct ShrinkingReport: Sendable, Equatable {
  /// What became of one layer.
  package struct Layer: Sendable, Equatable {
    package let name: String
    /// Units before and after.
    package let before: Int
    package let after: Int
    /// Of those that went: without live inputs, the same as another one, without live outputs.
    package let constant: Int
    package let merged: Int
    package let unused: Int
    /// Live weights before and after.
    package let weightsBefore: Int
    package let weights: Int
    /// Weights in all, removed ones included, before and after.
    package let totalBefore: Int
    package let total: Int
  }

  /// A column of the data of which nothing reads any input: where the model does not know its data, an input.
  package struct Column: Sendable, Equatable {
    /// Nil where the data have no names.
    package let name: String?
    /// Among the columns that are inputs, from 0.
    package let place: Int
    /// Where its inputs are among those of the network.
    package let inputs: Range<Int>
    /// Whether it stays in any case, as the one input that a network has to have.
    package let isKept: Bool
  }

  /// From the inputs upwards.
  package let layers: [Layer]
  /// Inputs of the network that no weight reads.
  package let unreadInputs: Int
  /// The columns all of whose inputs nothing reads. A column with several, of which some are read, is not
  /// among them: it is needed.
  package let unread: [Column]
  /// Those of them that were left out.
  package internal(set) var dropped: [Column] = []

  /// Whether nothing has changed.
  package var isEmpty: Bool {
    dropped.isEmpty
      && layers.allSatisfy {
        $0.before == $0.after && $0.weightsBefore == $0.weights && $0.totalBefore == $0.total
      }
  }

  /// Units that went.
  package var removedUnits: Int { layers.reduce(0) { $0 + $1.before - $1.after } }
  /// Live weights before and after.
  package var weightsBefore: Int { layers.reduce(0) { $0 + $1.weightsBefore } }
  package var weights: Int { layers.reduce(0) { $0 + $1.weights } }
  /// Weights in all before and after.
  package var totalBefore: Int { layers.reduce(0) { $0 + $1.totalBefore } }
  package var total: Int { layers.reduce(0) { $0 + $1.total } }
}
