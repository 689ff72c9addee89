import Engine
import NumericCore

/// How often a classifier says which class, of samples of which class: a confusion matrix without its zeros.
package struct ClassCounts: Sendable, Equatable {
  /// Samples of one class that are taken for another.
  package struct Confusion: Sendable, Equatable {
    /// The class that they have, from 0.
    package let actual: Int
    /// The class that the network says.
    package let predicted: Int
    package let samples: Int

    package init(actual: Int, predicted: Int, samples: Int) {
      (self.actual, self.predicted, self.samples) = (actual, predicted, samples)
    }
  }

  /// Of every class, the samples that have it, those that the network says have it, and those of both.
  package let actual: [Int]
  package let predicted: [Int]
  package let correct: [Int]
  /// The most frequent first, `mostConfusions` at most.
  package let confusions: [Confusion]

  /// All that there can be of twenty classes.
  package static let mostConfusions = 380
  /// With more classes nothing is counted.
  package static let mostClasses = 1000

  package init(actual: [Int], predicted: [Int], correct: [Int], confusions: [Confusion]) {
    (self.actual, self.predicted, self.correct) = (actual, predicted, correct)
    self.confusions = confusions
  }

  /// Counts pairs of classes below `classes`.
  package init(_ pairs: some Sequence<(actual: Int, predicted: Int)>, classes: Int) {
    var counts = Array(repeating: 0, count: classes * classes)
    for pair in pairs { counts[pair.actual * classes + pair.predicted] += 1 }
    let all = 0..<classes
    actual = all.map { row in all.reduce(0) { $0 + counts[row * classes + $1] } }
    predicted = all.map { column in all.reduce(0) { $0 + counts[$1 * classes + column] } }
    correct = all.map { counts[$0 * classes + $0] }
    let confused = counts.indices.filter { counts[$0] > 0 && $0 / classes != $0 % classes }
    confusions =
      confused
      .sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
      .prefix(Self.mostConfusions)
      .map { Confusion(actual: $0 / classes, predicted: $0 % classes, samples: counts[$0]) }
  }

  package var samples: Int { actual.reduce(0, +) }

  /// Samples that are taken for another class in ways that are not among `confusions`.
  package var unlisted: Int {
    samples - correct.reduce(0, +) - confusions.reduce(0) { $0 + $1.samples }
  }

  /// Of the samples that the network says have a class, the share that has it; nil where it says that of none.
  package func precision(of index: Int) -> Double? {
    predicted[index] == 0 ? nil : Double(correct[index]) / Double(predicted[index])
  }

  /// Of the samples that have a class, the share of which the network says it; nil where none has it.
  package func recall(of index: Int) -> Double? {
    actual[index] == 0 ? nil : Double(correct[index]) / Double(actual[index])
  }

  /// The harmonic mean of precision and recall; nil where both are nil.
  package func f1(of index: Int) -> Double? {
    let all = actual[index] + predicted[index]
    return all == 0 ? nil : 2 * Double(correct[index]) / Double(all)
  }
}

extension Evaluator {
  /// What `network` makes of samples with classes; nil for values, and for more than `mostClasses`.
  package func classCounts(of network: Network) -> ClassCounts? {
    guard case .labels(let labels) = samples.targets else { return nil }
    let classes = max(2, network.outputs)
    guard classes <= ClassCounts.mostClasses else { return nil }
    var pairs: [(actual: Int, predicted: Int)] = []
    pairs.reserveCapacity(samples.count)
    OutputBlocks(network, self).forEach { rows, outputs in
      for (sample, row) in rows.enumerated() {
        pairs.append((Int(labels[Int(row)]), Int(outputs.predictedClass(of: sample))))
      }
    }
    return ClassCounts(pairs, classes: classes)
  }
}
