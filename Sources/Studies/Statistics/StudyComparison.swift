/// The methods of a study on one data set and model, ratio by ratio.
package struct StudyComparison: Sendable {
  /// Which number of a result.
  package enum Measure: String, Sendable, CaseIterable {
    case lossBefore = "loss_before"
    case lossAfter = "loss_after"
    case accuracyBefore = "accuracy_before"
    case accuracyAfter = "accuracy_after"
    case rmseBefore = "rmse_before"
    case rmseAfter = "rmse_after"
    case maeBefore = "mae_before"
    case maeAfter = "mae_after"
    case nrmseBefore = "nrmse_before"
    case nrmseAfter = "nrmse_after"
    case r2Before = "r2_before"
    case r2After = "r2_after"

    /// The number of `result`, nil where it does not apply.
    package func value(_ result: StudyResult) -> Double? {
      switch self {
      case .lossBefore: result.lossBefore
      case .lossAfter: result.lossAfter
      case .accuracyBefore: result.accuracyBefore
      case .accuracyAfter: result.accuracyAfter
      case .rmseBefore: result.rmseBefore
      case .rmseAfter: result.rmseAfter
      case .maeBefore: result.maeBefore
      case .maeAfter: result.maeAfter
      case .nrmseBefore: result.nrmseBefore
      case .nrmseAfter: result.nrmseAfter
      case .r2Before: result.r2Before
      case .r2After: result.r2After
      }
    }

    /// What is measured, before and after fine-tuning alike.
    package var quantity: String {
      switch self {
      case .lossBefore, .lossAfter: "loss"
      case .accuracyBefore, .accuracyAfter: "accuracy"
      case .rmseBefore, .rmseAfter: "rmse"
      case .maeBefore, .maeAfter: "mae"
      case .nrmseBefore, .nrmseAfter: "nrmse"
      case .r2Before, .r2After: "r²"
      }
    }

    /// Whether it is a loss or an error, of which less is better.
    package var isLoss: Bool { ["loss", "rmse", "mae", "nrmse"].contains(quantity) }

    /// Whether it is measured before fine-tuning.
    package var isBefore: Bool { rawValue.hasSuffix("_before") }
  }

  /// One method or baseline.
  package struct Subject: Sendable {
    /// For people: `ec fisher`, `magnitude + ec`.
    package let title: String
    /// The columns criterion, metric, compensation and budget.
    package let criterion: String
    package let metric: String?
    package let compensation: String?
    package let budget: String?
    /// Whether the criterion comes with the compensation it was published with; so do baselines.
    package let isAsPublished: Bool
    /// The results by ratio, in the order of seeds.
    package let results: [Double: [(seed: UInt64, result: StudyResult)]]
  }

  package let dataset: String
  package let model: String
  /// The loss that all are trained for.
  package let loss: String
  /// Of pruned and narrower networks, ascending.
  package let ratios: [Double]
  /// The dense network, where it is a baseline.
  package let unpruned: Subject?
  /// All but the dense network, in the study's order.
  package let subjects: [Subject]
  /// The position of the method that all others are tested against: the first with criterion and
  /// compensation ec, or the first at all.
  package let reference: Int

  /// The comparisons of a study, one a data set and model, in order.
  package static func all(_ study: StudyOutline, _ table: StudyTable) -> [StudyComparison] {
    table.networks.map { StudyComparison(study, $0) }
  }

  private init(_ study: StudyOutline, _ network: StudyTable.Network) {
    let rows = network.rows
    func subject(
      _ title: String, _ criterion: String, metric: String? = nil, compensation: String? = nil,
      budget: String? = nil, isAsPublished: Bool = true
    ) -> Subject? {
      let own = rows.filter {
        $0.identity.criterion == criterion && $0.identity.metric == metric
          && $0.identity.compensation == compensation && $0.identity.budget == budget
      }
      if own.isEmpty { return nil }
      let results = Dictionary(grouping: own, by: \.identity.ratio).mapValues {
        $0.map { (seed: $0.identity.seed, result: $0.result) }
      }
      return Subject(
        title: title, criterion: criterion, metric: metric, compensation: compensation,
        budget: budget, isAsPublished: isAsPublished, results: results)
    }
    (dataset, model) = (network.dataset, network.model)
    loss = study.loss
    unpruned = subject("unpruned", StudyBaseline.unpruned.rawValue)
    let methods = study.methods.compactMap { method in
      subject(
        method.title, method.criterion, metric: method.metric, compensation: method.compensation,
        budget: method.budget, isAsPublished: method.isAsPublished)
    }
    let narrower = subject("narrower", StudyBaseline.narrower.rawValue)
    subjects = methods + [narrower].compactMap { $0 }
    ratios = Set(subjects.flatMap { $0.results.keys }).sorted()
    reference =
      methods.firstIndex { $0.criterion == "ec" && $0.compensation == "ec" } ?? 0
  }

  /// The numbers of `subject` at `ratio`, in the order of seeds.
  package func values(_ measure: Measure, of subject: Subject, at ratio: Double) -> [Double] {
    (subject.results[ratio] ?? []).compactMap { measure.value($0.result) }
  }

  /// The numbers of the dense network.
  package func unprunedValues(_ measure: Measure) -> [Double] {
    unpruned.map { values(measure, of: $0, at: 0) } ?? []
  }

  /// The paired test of the method at `position` against the reference at `ratio`, over the seeds that
  /// both have; nil for the reference itself and where there is nothing to compare, or seeds do not differ.
  package func test(_ measure: Measure, of position: Int, at ratio: Double) -> PairedTest? {
    guard position != reference, subjects.indices.contains(reference) else { return nil }
    return Self.test(measure, subjects[reference].results[ratio], subjects[position].results[ratio])
  }

  /// The paired test of the method at `position` at `ratio` against the dense networks that it was pruned from,
  /// over their seeds; nil where there are none, where there is nothing to compare, or seeds do not differ.
  package func testAgainstUnpruned(
    _ measure: Measure, of position: Int, at ratio: Double
  ) -> PairedTest? {
    Self.test(measure, unpruned?.results[0], subjects[position].results[ratio])
  }

  /// The paired test of `second` against `first`, over the seeds that both have.
  private static func test(
    _ measure: Measure, _ first: [(seed: UInt64, result: StudyResult)]?,
    _ second: [(seed: UInt64, result: StudyResult)]?
  ) -> PairedTest? {
    var pairs: [(Double, Double)] = []
    for (seed, result) in first ?? [] {
      guard let other = second?.first(where: { $0.seed == seed }),
        let first = measure.value(result), let second = measure.value(other.result)
      else { continue }
      pairs.append((first, second))
    }
    // Seeds that draw nothing are one measurement.
    if Set(pairs.map(\.0)).count == 1, Set(pairs.map(\.1)).count == 1 { return nil }
    return PairedTest(pairs.map(\.0), pairs.map(\.1))
  }

  /// Whether anything is tested against the dense networks.
  package func testsAgainstUnpruned(_ measure: Measure) -> Bool {
    subjects.indices.contains { position in
      ratios.contains { testAgainstUnpruned(measure, of: position, at: $0) != nil }
    }
  }

  /// Whether anything is tested: there are several methods, and several seeds.
  package func tests(_ measure: Measure) -> Bool {
    subjects.indices.contains { position in
      ratios.contains { test(measure, of: position, at: $0) != nil }
    }
  }

  /// Whether there are several seeds and all give the same numbers: the network is given, and nothing is
  /// drawn at random.
  package var seedsDoNotDiffer: Bool {
    let cells = subjects.flatMap { subject in
      ratios.flatMap { ratio in
        Measure.allCases.map { values($0, of: subject, at: ratio) }
      }
    }
    return cells.contains { $0.count > 1 } && cells.allSatisfy { Set($0).count <= 1 }
  }

  /// Whether any result has this number.
  package func has(_ measure: Measure) -> Bool {
    subjects.contains { subject in
      ratios.contains { !values(measure, of: subject, at: $0).isEmpty }
    }
  }
}
