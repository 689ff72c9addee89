import Runs
import Storage

/// The results of a study of units on one data set and network.
package struct UnitsResults: Sendable {
  package let dataset: String
  package let model: String
  package let rows: [StudyTable.Row]

  /// All that `table` has, in its order.
  package static func all(_ table: StudyTable) -> [UnitsResults] {
    table.networks.map {
      UnitsResults(dataset: $0.dataset, model: $0.model, rows: $0.rows)
    }
  }

  /// One way to go on after units have gone.
  package struct Way: Sendable, Hashable {
    package let method: String
    package let samples: Double?
    package let epochs: Int?

    /// For people.
    package var title: String {
      if let samples { return "\(method), \(NumberText.significant(100 * samples, 3)) %" }
      return epochs.map { "\(method), \(counted($0, "epoch"))" } ?? method
    }
  }

  /// Shares of weights that go, in the study's order.
  package var shares: [Double] {
    rows.compactMap { $0.identity["ratio"]?.doubleValue }.uniqued()
  }

  /// All ways, the dense network aside.
  package var ways: [Way] {
    rows.filter { $0.identity["ratio"]?.isNull == false }.map(Self.way).uniqued()
  }

  private static func way(_ row: StudyTable.Row) -> Way {
    Way(
      method: row.identity["method"]?.stringValue ?? "",
      samples: row.identity["sample_share"]?.doubleValue, epochs: row.identity["epochs"]?.intValue)
  }

  /// What is measured of `way` at `share`, by seeds.
  package func values(_ measure: String, _ way: Way, at share: Double) -> [UInt64: Double] {
    let own = rows.filter {
      $0.identity["ratio"]?.doubleValue == share && Self.way($0) == way
    }
    return bySeed(own, measure)
  }

  /// What is measured of the dense network, by seeds.
  package func dense(_ measure: String) -> [UInt64: Double] {
    bySeed(rows.filter { $0.identity["method"]?.stringValue == "dense" }, measure)
  }

  private func bySeed(_ rows: [StudyTable.Row], _ measure: String) -> [UInt64: Double] {
    Dictionary(
      rows.compactMap { row in row.numbers(measure).first.map { (row.identity.seed, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The name of what counts: accuracy of classes, else an error.
  package var measure: String {
    ["accuracy", "rmse", "nrmse"].first { !dense($0).isEmpty } ?? "loss"
  }
}

extension UnitsExperiment {
  package static func findings(_ table: StudyTable) -> StudyFindings {
    let all = UnitsResults.all(table)
    return StudyFindings(
      tables: all.flatMap { [quality($0), seconds($0)] },
      answers: all.flatMap { results in
        results.shares.flatMap { UnitsClaims(results: results, share: $0).answers }
      })
  }

  private static func quality(_ results: UnitsResults) -> StudyFindings.Table {
    let (measure, place) = (results.measure, "\(results.dataset) \(results.model)")
    func text(_ values: [UInt64: Double]) -> String {
      if values.isEmpty { return "" }
      let isShare = measure == "accuracy"
      return NumberText.mean(Summary(values.values.sorted().map { isShare ? 100 * $0 : $0 }))
    }
    var own = StudyFindings.Table(
      "\(place): test \(measure)\(measure == "accuracy" ? " in %" : ""), by share of weights removed",
      ["method"] + results.shares.map { "\($0)" })
    own.add(["dense"] + results.shares.map { _ in text(results.dense(measure)) })
    for way in results.ways {
      own.add([way.title] + results.shares.map { text(results.values(measure, way, at: $0)) })
    }
    return own
  }

  private static func seconds(_ results: UnitsResults) -> StudyFindings.Table {
    var own = StudyFindings.Table(
      "\(results.dataset) \(results.model): processor seconds of compensation, or of training",
      ["method"] + results.shares.map { "\($0)" })
    for way in results.ways where way.method != "pruned" {
      own.add(
        [way.title]
          + results.shares.map { share in
            let values = results.values(UnitsResults.seconds(of: way), way, at: share)
            return values.isEmpty ? "" : NumberText.mean(Summary(values.values.sorted()))
          })
    }
    return own
  }
}

extension UnitsResults {
  /// The measure that says how long a processor works at `way`.
  package static func seconds(of way: Way) -> String {
    way.method == "retrained" ? "training_processor_seconds" : "compensation_processor_seconds"
  }
}
