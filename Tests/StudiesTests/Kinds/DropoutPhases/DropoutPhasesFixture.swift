import Foundation
import Storage
import Studies

/// A small study of dropout on the data of `StudyFixture`, and results of one that nobody has measured.
enum DropoutPhasesFixture {
  /// Two networks, two seeds, two rates of training, four sizes: 32 cells.
  static let text = """
    version: 1
    kind: dropout_phases
    name: small
    seed: 7
    data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}
    models: [{hidden: [7]}, {hidden: [7, 6]}]
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
    seeds: 2
    train_rates: [0, 0.5]
    evaluation_rates: [0, 0.25]
    train_sizes: [10, 20, 30, 40]
    steps: 5
    draws: 3
    quick: {seeds: 1, models: [{hidden: [4]}]}
    """

  /// Results at five sizes, of two seeds unless stated.
  ///
  /// - Parameter loss: of a network's number, the rates, and the size.
  static func table(
    networks: Int = 2, rates: [Double] = [0, 0.9],
    sizes: [Int] = [100, 200, 400, 800, 1600], seeds: UInt64 = 2, guessing: Double? = 2.3,
    loss: (_ network: Int, _ train: Double, _ evaluation: Double, _ size: Double) -> Double
  ) -> StudyTable {
    var rows: [StudyTable.Row] = []
    for network in 0..<networks {
      for train in rates {
        for (place, size) in sizes.enumerated() {
          for seed in 1...seeds {
            var result = StudyResult(seconds: 1)
            // One percent of noise that is no trend.
            let noise = (place + Int(seed)) % 2 == 0 ? 1.01 : 0.99
            result.rows = rates.map { evaluation in
              [
                "evaluation_rate": JSONValue(evaluation),
                "loss": JSONValue(noise * loss(network, train, evaluation, Double(size))),
                "guessing_loss": JSONValue(guessing),
              ]
            }
            rows.append(
              StudyTable.Row(
                identity: StudyCellIdentity(
                  dataset: "data", model: "5-\(network + 1)-3",
                  columns: [
                    StudyColumn(name: "train_rate", value: JSONValue(train)),
                    StudyColumn(name: "train_size", value: JSONValue(size)),
                  ], seed: seed), result: result))
          }
        }
      }
    }
    return StudyTable(kind: .dropoutPhases, rows: rows)
  }

  /// Learns at 0, forgets from 0 to 0.9, cannot learn at 0.9.
  static func loss(train: Double, evaluation: Double, size: Double) -> Double {
    if train > 0 { return 2.3 }
    return evaluation == 0 ? 5 * pow(size, -0.5) + 0.1 : pow(size, 0.3)
  }
}
