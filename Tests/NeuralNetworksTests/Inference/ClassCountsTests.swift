import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Counts of classes") struct ClassCountsTests {
  /// A confusion matrix by scikit-learn.
  private struct Golden: Decodable {
    let sklearn: String
    let labels: [Int], predicted: [Int]
    let matrix: [[Int]]
    let precision: [Double?], recall: [Double?], f1: [Double?]
  }

  private static let tolerance = 1e-12

  @Test("are scikit-learn's, also for classes that never come or are never said")
  func golden() throws {
    let golden = try GoldenFile.load("confusion.json", as: Golden.self)
    let pairs = zip(golden.labels, golden.predicted).map { (actual: $0, predicted: $1) }
    let classes = golden.matrix.count
    let counts = ClassCounts(pairs, classes: classes)
    #expect(counts.actual == golden.matrix.map { $0.reduce(0, +) })
    #expect(
      counts.predicted == (0..<classes).map { said in golden.matrix.reduce(0) { $0 + $1[said] } })
    #expect(counts.correct == (0..<classes).map { golden.matrix[$0][$0] })
    var matrix = golden.matrix.map { $0.map { _ in 0 } }
    for index in 0..<classes { matrix[index][index] = counts.correct[index] }
    for each in counts.confusions { matrix[each.actual][each.predicted] = each.samples }
    #expect(matrix == golden.matrix)
    #expect(counts.samples == golden.labels.count && counts.unlisted == 0)
    for index in 0..<classes {
      for (found, expected) in [
        (counts.precision(of: index), golden.precision[index]),
        (counts.recall(of: index), golden.recall[index]), (counts.f1(of: index), golden.f1[index]),
      ] {
        #expect((found == nil) == (expected == nil))
        #expect(abs((found ?? 0) - (expected ?? 0)) < Self.tolerance)
      }
    }
  }

  @Test("of many classes have the most frequent confusions, and say how many others there are")
  func cap() {
    // Class a is taken for each other class b so many times as b says.
    let pairs = (0..<30).flatMap { actual in
      (0..<30).flatMap { said in
        Array(repeating: (actual: actual, predicted: said), count: said)
      }
    }
    let counts = ClassCounts(pairs, classes: 30)
    #expect(counts.confusions.count == ClassCounts.mostConfusions)
    #expect(counts.confusions[0] == .init(actual: 0, predicted: 29, samples: 29))
    let listed = counts.confusions.reduce(0) { $0 + $1.samples }
    #expect(counts.unlisted == 30 * (29 * 30 / 2) - (29 * 30 / 2) - listed)
    #expect(counts.unlisted > 0)
  }

  @Test("of a network are those of its accuracy", arguments: [1, 2, 5])
  func network(outputs: Int) throws {
    let network = NetworkFixture.network([3, 4, outputs], activation: .tanh)
    let samples = NetworkFixture.samples(
      700, inputs: 3, outputs: max(2, outputs), labels: true)
    let loss: Loss = outputs == 1 ? .binaryCrossEntropy : .crossEntropy()
    let evaluator = Evaluator(samples: samples, loss: loss, pool: WorkerPool(threadCount: 2))
    let counts = try #require(evaluator.classCounts(of: network))
    #expect(counts.actual.count == max(2, outputs) && counts.samples == 700)
    let accuracy = evaluator.metrics(of: network).accuracy
    #expect(Double(counts.correct.reduce(0, +)) / 700 == accuracy)
  }

  @Test("are none of values")
  func values() {
    let network = NetworkFixture.network([3, 4, 2], activation: .tanh)
    let samples = NetworkFixture.samples(20, inputs: 3, outputs: 2, labels: false)
    let evaluator = Evaluator(
      samples: samples, loss: .meanSquared, pool: WorkerPool(threadCount: 1))
    #expect(evaluator.classCounts(of: network) == nil)
  }
}
