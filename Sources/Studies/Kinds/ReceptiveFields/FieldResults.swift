import Storage

/// The results of a study of receptive fields for one network on one data set.
package struct FieldResults: Sendable {
  /// What is pruned by what.
  package struct Way: Sendable, Hashable {
    package let inputs: String
    package let criterion: String

    package init(inputs: String, criterion: String) {
      (self.inputs, self.criterion) = (inputs, criterion)
    }

    package var title: String { "\(inputs), \(criterion)" }
  }

  package let dataset: String
  package let model: String
  /// In the order of the results.
  package private(set) var ways: [Way] = []
  /// Of each way the rows of each seed, round by round.
  private var rounds: [Way: [(seed: UInt64, rows: [JSONObject])]] = [:]

  /// The results of each network in `table`, in its order.
  package static func networks(of table: StudyTable) -> [FieldResults] {
    table.networks.map(FieldResults.init)
  }

  private init(_ network: StudyTable.Network) {
    (dataset, model) = (network.dataset, network.model)
    for row in network.rows {
      let way = Way(
        inputs: row.identity["inputs"]?.stringValue ?? "",
        criterion: row.identity["criterion"]?.stringValue ?? "")
      if !ways.contains(way) { ways.append(way) }
      rounds[way, default: []].append((row.identity.seed, row.result.rows))
    }
  }

  /// The name of data set and network.
  package var title: String { "\(dataset) \(model)" }
  /// Rows of each seed: the prunings and one before them.
  package var roundCount: Int { rounds.values.flatMap { $0.map(\.rows.count) }.max() ?? 0 }
  package var lastRound: Int { max(roundCount - 1, 0) }

  /// The values of `measure` of a way in one round by seed, where they are known.
  package func bySeed(_ measure: String, _ way: Way, round: Int) -> [UInt64: Double] {
    var values: [UInt64: Double] = [:]
    for (seed, rows) in rounds[way] ?? [] where round < rows.count {
      if let value = rows[round][measure]?.doubleValue { values[seed] = value }
    }
    return values
  }

  /// The same, in the order of the seeds.
  package func values(_ measure: String, _ way: Way, round: Int) -> [Double] {
    let values = bySeed(measure, way, round: round)
    return values.keys.sorted().compactMap { values[$0] }
  }

  /// The mean over the rounds of each seed in which `measure` is known.
  package func means(_ measure: String, _ way: Way) -> [UInt64: Double] {
    var means: [UInt64: Double] = [:]
    for (seed, rows) in rounds[way] ?? [] {
      let values = rows.compactMap { $0[measure]?.doubleValue }
      if !values.isEmpty { means[seed] = values.reduce(0, +) / Double(values.count) }
    }
    return means
  }

  /// The masks of the first seed of `way` in one round: of each unit shown its number and the pixels that it reads,
  /// `count` in all.
  package func masks(_ way: Way, round: Int, count: Int) -> [(unit: Int, isRead: [Bool])] {
    let first = rounds[way]?.min { $0.seed < $1.seed }
    guard let rows = first?.rows, round < rows.count else { return [] }
    return (rows[round]["masks"]?.arrayValue ?? []).compactMap { mask in
      guard let unit = mask["unit"]?.intValue, let text = mask["pixels"]?.stringValue,
        let bits = FieldPictures.bits(text, count: count)
      else { return nil }
      return (unit, bits)
    }
  }

  /// The sides of the image as the results state it; nil where they do not.
  package var image: (rows: Int, columns: Int)? {
    let sides = rounds.values.lazy.flatMap { $0 }.compactMap { $0.rows.first?["image"]?.arrayValue }
      .first?.compactMap(\.intValue)
    guard let sides, sides.count == 2 else { return nil }
    return (sides[0], sides[1])
  }
}
