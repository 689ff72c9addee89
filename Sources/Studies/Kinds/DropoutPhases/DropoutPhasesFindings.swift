import Storage

extension DropoutPhasesExperiment {
  /// The least share of the grid that is in one phase in all networks, and the least agreement beyond chance.
  private static let (leastShare, leastKappa) = (0.8, 0.6)

  package static func findings(_ table: StudyTable) -> StudyFindings {
    let all = DropoutPhasesResults.all(table)
    let answers = all.map(\.dataset).uniqued().flatMap { dataset in
      let own = all.filter { $0.dataset == dataset }
      return [phases(own, dataset), boundaries(own, dataset)]
    }
    return StudyFindings(tables: all.map(map), answers: answers)
  }

  /// The phases of one network, with what the loss does.
  private static func map(_ results: DropoutPhasesResults) -> StudyFindings.Table {
    var table = StudyFindings.Table(
      "\(results.dataset) \(results.model): phase, and exponent with its 95 % interval or what the loss does",
      ["p_train"] + results.evaluationRates.map { "p_eval \(DropoutPhasesResults.text($0))" })
    for train in results.trainRates {
      table.add(
        [DropoutPhasesResults.text(train)]
          + results.evaluationRates.map { text(results, train: train, evaluation: $0) })
    }
    return table
  }

  private static func text(
    _ results: DropoutPhasesResults, train: Double, evaluation: Double
  ) -> String {
    guard let phase = results.phase(train: train, evaluation: evaluation),
      let scaling = results.scaling(train: train, evaluation: evaluation)
    else { return "" }
    return "\(phase.rawValue), \(scaling.text)"
  }

  // MARK: Claims

  private static func phases(
    _ all: [DropoutPhasesResults], _ dataset: String
  ) -> StudyFindings.Answer {
    let counts = all.map { results in
      DropoutPhasesResults.Phase.allCases.map { phase in
        grid(results).count { results.phase(train: $0.train, evaluation: $0.evaluation) == phase }
      }
    }
    let isComplete = all.allSatisfy { results in
      grid(results).allSatisfy { results.phase(train: $0.train, evaluation: $0.evaluation) != nil }
    }
    let isThere = counts.allSatisfy { $0.allSatisfy { $0 > 0 } }
    let words = zip(all, counts).map { results, counts in
      "\(results.model): "
        + zip(DropoutPhasesResults.Phase.allCases, counts).map { "\($0.rawValue) \($1)" }
        .joined(separator: ", ")
    }
    return StudyFindings.Answer(
      claim: "\(dataset): networks learn, forget or cannot learn, by the two rates",
      test:
        "each phase is that of a point of the grid in every network, \(DropoutPhasesResults.test)",
      verdict: !isComplete ? .open : isThere ? .confirmed : .notConfirmed,
      result: isComplete
        ? words.joined(separator: "; ") : "not measured yet, or at fewer than four sizes")
  }

  private static func boundaries(
    _ all: [DropoutPhasesResults], _ dataset: String
  ) -> StudyFindings.Answer {
    let ratings = (all.first.map(grid) ?? []).map { point in
      all.map { $0.phase(train: point.train, evaluation: point.evaluation) }
    }
    let known = ratings.map { $0.compactMap { $0 } }
    let isComplete = all.count >= 2 && known.allSatisfy { $0.count == all.count }
    let share =
      Double(known.count { Set($0).count == 1 }) / Double(max(known.count, 1))
    let kappa = isComplete ? FleissKappa.value(known) : nil
    let result =
      "\(NumberText.significant(100 * share, 3)) % of \(known.count) points are in one phase in all "
      + "\(all.count) networks"
      + (kappa.map { "; Fleiss' kappa is \(NumberText.fixed($0, 2))" } ?? "")
    let holds = share >= leastShare && (kappa ?? 1) >= leastKappa
    return StudyFindings.Answer(
      claim: "\(dataset): the boundaries of the phases hold over widths and depths",
      test:
        "at least \(NumberText.significant(100 * leastShare, 3)) % of the points of the grid are in the same phase "
        + "in all networks, and Fleiss' kappa of the networks is at least \(leastKappa)",
      verdict: !isComplete ? .open : holds ? .confirmed : .notConfirmed,
      result: isComplete ? result : "not measured yet, or in fewer than two networks")
  }

  private static func grid(
    _ results: DropoutPhasesResults
  ) -> [(train: Double, evaluation: Double)] {
    results.trainRates.flatMap { train in
      results.evaluationRates.map { (train: train, evaluation: $0) }
    }
  }
}

extension LossScaling {
  /// The exponent with its interval for a loss that falls, else what it does.
  package var text: String {
    func figure(_ value: Double) -> String {
      value.isFinite ? NumberText.fixed(value, 2) : "∞"
    }
    guard course == .falls else { return course.rawValue }
    let interval = fit.exponentInterval
    return "α \(figure(fit.exponent)) (\(figure(interval.lowerBound)) to "
      + "\(figure(interval.upperBound))), c \(NumberText.significant(fit.floor, 2))"
  }
}
