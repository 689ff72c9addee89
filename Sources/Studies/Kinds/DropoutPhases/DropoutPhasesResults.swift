import Storage

/// The results of a study of dropout on one data set and network.
package struct DropoutPhasesResults: Sendable {
  /// What becomes of a network at two rates of dropout.
  package enum Phase: String, Sendable, CaseIterable {
    /// It learns: the loss falls as a power law of the samples, to below that of guessing.
    case eumentia
    /// It has forgotten: it does not learn by this rate of evaluation, but does by that of the training.
    case dementia
    /// It cannot learn, by either rate.
    case amentia
  }

  /// The tests by which phases are told apart, for pages.
  package static let test =
    "over all seeds and sizes. A loss falls where \(LossScaling.fallingTest). It grows where "
    + "\(LossScaling.growingTest); else it stays. A network learns at a rate of evaluation where the loss falls, and "
    + "the 95 % interval of its mean over the seeds at the most samples lies below the loss of guessing, the same "
    + "answer for every input. Eumentia: it learns at p_eval. Dementia: it does not, but does at p_eval = p_train. "
    + "Amentia: it learns at neither"

  package let dataset: String
  package let model: String
  /// Ascending.
  package let trainRates: [Double]
  /// Those at which all networks are measured, ascending.
  package let evaluationRates: [Double]
  /// Ascending.
  package let sizes: [Int]
  /// The loss of the same answer for every input; nil where nobody has measured it.
  package let guessingLoss: Double?
  private let rows: [StudyTable.Row]
  /// How losses go with the samples, fitted once for every pair of rates.
  private var scalings: [Rates: LossScaling] = [:]

  private struct Rates: Hashable {
    let train: Double
    let evaluation: Double
  }

  /// All that `table` has, in its order.
  package static func all(_ table: StudyTable) -> [DropoutPhasesResults] {
    table.networks.map(DropoutPhasesResults.init)
  }

  private init(_ network: StudyTable.Network) {
    (dataset, model, rows) = (network.dataset, network.model, network.rows)
    trainRates = Set(rows.compactMap { $0.identity["train_rate"]?.doubleValue }).sorted()
    sizes = Set(rows.compactMap { $0.identity["train_size"]?.intValue }).sorted()
    guessingLoss = rows.lazy.compactMap { $0.numbers("guessing_loss").first }.first
    let measured = rows.map { Set($0.numbers("evaluation_rate")) }
    evaluationRates = measured.dropFirst().reduce(measured.first ?? []) { $0.intersection($1) }
      .sorted()
    for train in trainRates {
      for evaluation in Set(evaluationRates + [train]) {
        let rates = Rates(train: train, evaluation: evaluation)
        scalings[rates] = fitted(train: train, evaluation: evaluation)
      }
    }
  }

  /// A rate, for people.
  package static func text(_ rate: Double) -> String { NumberText.significant(rate, 6) }

  /// The losses of all seeds of networks trained on `size` samples.
  package func losses(train: Double, evaluation: Double, size: Int) -> [Double] {
    rows.filter {
      $0.identity["train_rate"]?.doubleValue == train && $0.identity["train_size"]?.intValue == size
    }.flatMap { row in
      row.result.rows.filter { $0["evaluation_rate"]?.doubleValue == evaluation }
        .compactMap { $0["loss"]?.doubleValue }
    }
  }

  /// How the loss goes with the samples at two rates of the grid, or at one for both; nil where too little is
  /// measured.
  package func scaling(train: Double, evaluation: Double) -> LossScaling? {
    scalings[Rates(train: train, evaluation: evaluation)]
  }

  private func fitted(train: Double, evaluation: Double) -> LossScaling? {
    var (sizes, losses): ([Double], [Double]) = ([], [])
    for size in self.sizes {
      for loss in self.losses(train: train, evaluation: evaluation, size: size) {
        sizes.append(Double(size))
        losses.append(loss)
      }
    }
    return LossScaling(sizes: sizes, losses: losses)
  }

  /// The phase; nil where too little is measured.
  package func phase(train: Double, evaluation: Double) -> Phase? {
    guard let there = learns(train: train, evaluation: evaluation),
      let own = learns(train: train, evaluation: train)
    else { return nil }
    if there { return .eumentia }
    return own ? .dementia : .amentia
  }

  /// Whether the loss falls, to below that of guessing; nil where too little is measured.
  private func learns(train: Double, evaluation: Double) -> Bool? {
    guard let scaling = scaling(train: train, evaluation: evaluation), let guessingLoss,
      let most = sizes.last,
      let reached = MeanInterval(losses(train: train, evaluation: evaluation, size: most))
    else { return nil }
    return scaling.course == .falls && reached.high < guessingLoss
  }

  /// The phase at two rates, with what the loss does; nil where too little is measured.
  package func text(train: Double, evaluation: Double) -> String? {
    guard let phase = phase(train: train, evaluation: evaluation),
      let scaling = scaling(train: train, evaluation: evaluation)
    else { return nil }
    let isIdle = scaling.course == .falls && learns(train: train, evaluation: evaluation) == false
    return "\(phase.rawValue), \(isIdle ? "falls, not below guessing" : scaling.text)"
  }
}
