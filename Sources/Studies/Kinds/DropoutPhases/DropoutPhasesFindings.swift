import Storage

extension DropoutPhasesExperiment {
  /// The least share of the grid that is in one phase in all networks, and the least agreement beyond chance.
  private static let (leastShare, leastKappa) = (0.8, 0.6)

  package static func findings(_ table: StudyTable) -> StudyFindings {
    let all = DropoutPhasesResults.all(table)
    let seeds = Set(table.rows.map(\.identity.seed)).sorted()
    let without = seeds.map { seed in
      DropoutPhasesResults.all(
        StudyTable(kind: table.kind, rows: table.rows.filter { $0.identity.seed != seed }))
    }
    let answers = all.map(\.dataset).uniqued().flatMap { dataset in
      let own = all.filter { $0.dataset == dataset }
      let others = without.map { $0.filter { $0.dataset == dataset } }
      let count = Set(
        table.rows.filter { $0.identity.dataset == dataset }.map(\.identity.seed)
      ).count
      return [
        phases(own, without: others, dataset, seeds: count),
        boundaries(own, without: others, dataset, seeds: count),
      ]
    }
    return StudyFindings(tables: all.map(map), answers: answers)
  }

  /// How a claim stands: confirmed where `holds`, and contradicted where it fails whichever seed is left out.
  ///
  /// - Parameters:
  ///   - without: the results without one of the seeds, for each of them.
  ///   - holds: nil where too little is measured.
  private static func verdict(
    _ all: [DropoutPhasesResults], without: [[DropoutPhasesResults]],
    _ holds: ([DropoutPhasesResults]) -> Bool?
  ) -> StudyFindings.Verdict {
    guard let isConfirmed = holds(all) else { return .open }
    return StudyFindings.Verdict(
      isConfirmed: isConfirmed, isContradicted: without.allSatisfy { holds($0) == false })
  }

  private static let contradictedTest = "; contradicted where it fails whichever seed is left out"

  /// The phases of one network, with what the loss does.
  private static func map(_ results: DropoutPhasesResults) -> StudyFindings.Table {
    var table = StudyFindings.Table(
      "\(results.dataset) \(results.model): phase, and exponent with its 95 % interval or what the loss does",
      ["p_train"] + results.evaluationRates.map { "p_eval \(DropoutPhasesResults.text($0))" })
    for train in results.trainRates {
      table.add(
        [DropoutPhasesResults.text(train)]
          + results.evaluationRates.map { results.text(train: train, evaluation: $0) ?? "" })
    }
    return table
  }

  // MARK: Claims

  /// On how much an answer rests.
  private static func rests(on seeds: Int) -> String { "; over \(counted(seeds, "seed"))" }

  private static func phases(
    _ all: [DropoutPhasesResults], without: [[DropoutPhasesResults]], _ dataset: String, seeds: Int
  ) -> StudyFindings.Answer {
    let counts = all.map(Self.counts)
    let isComplete = counts.allSatisfy { $0 != nil }
    let words = zip(all, counts).map { results, counts in
      "\(results.model): "
        + zip(DropoutPhasesResults.Phase.allCases, counts ?? []).map { "\($0.rawValue) \($1)" }
        .joined(separator: ", ")
    }
    return StudyFindings.Answer(
      claim: "\(dataset): networks learn, forget or cannot learn, by the two rates",
      test:
        "each phase is that of a point of the grid in every network, \(DropoutPhasesResults.test)"
        + contradictedTest,
      verdict: verdict(all, without: without) { all in
        let counts = all.compactMap(Self.counts)
        return counts.count < all.count || all.isEmpty
          ? nil : counts.allSatisfy { $0.allSatisfy { $0 > 0 } }
      },
      result: isComplete
        ? words.joined(separator: "; ") + rests(on: seeds)
        : "not measured yet, or at fewer than four sizes or with fewer than two seeds")
  }

  /// How many points of the grid are in each phase; nil where too little is measured.
  private static func counts(_ results: DropoutPhasesResults) -> [Int]? {
    let phases = grid(results).map {
      results.phase(train: $0.train, evaluation: $0.evaluation)
    }
    if phases.contains(nil) { return nil }
    return DropoutPhasesResults.Phase.allCases.map { phase in phases.count { $0 == phase } }
  }

  /// How far networks agree about the phases.
  private struct Agreement {
    let points: Int
    /// Of the points that are in one phase in all networks.
    let share: Double
    /// Nil where all phases are the same.
    let kappa: Double?

    /// - Returns: nil where too little is measured.
    init?(_ all: [DropoutPhasesResults]) {
      let ratings = (all.first.map(DropoutPhasesExperiment.grid) ?? []).map { point in
        all.compactMap { $0.phase(train: point.train, evaluation: point.evaluation) }
      }
      guard all.count >= 2, ratings.allSatisfy({ $0.count == all.count }) else { return nil }
      points = ratings.count
      share = Double(ratings.count { Set($0).count == 1 }) / Double(max(ratings.count, 1))
      kappa = FleissKappa.value(ratings)
    }

    var holds: Bool {
      share >= DropoutPhasesExperiment.leastShare
        && (kappa ?? 1) >= DropoutPhasesExperiment.leastKappa
    }
  }

  private static func boundaries(
    _ all: [DropoutPhasesResults], without: [[DropoutPhasesResults]], _ dataset: String, seeds: Int
  ) -> StudyFindings.Answer {
    let result = Agreement(all).map { agreement in
      "\(NumberText.significant(100 * agreement.share, 3)) % of \(agreement.points) points are in one phase in all "
        + "\(all.count) networks"
        + (agreement.kappa.map { "; Fleiss' kappa is \(NumberText.fixed($0, 2))" } ?? "")
        + rests(on: seeds)
    }
    return StudyFindings.Answer(
      claim: "\(dataset): the boundaries of the phases hold over widths and depths",
      test:
        "at least \(NumberText.significant(100 * leastShare, 3)) % of the points of the grid are in the same phase "
        + "in all networks, and Fleiss' kappa of the networks is at least \(leastKappa)"
        + contradictedTest,
      verdict: verdict(all, without: without) { Agreement($0)?.holds },
      result: result
        ?? "not measured yet, or in fewer than two networks or with fewer than two seeds")
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
  /// The exponent with its interval for a loss that falls; else what is shown of it: the slope of ln L over ln N with
  /// 95 %, and how probable so good a law would be if there was none.
  package var text: String {
    func figure(_ value: Double) -> String {
      value.isFinite ? NumberText.fixed(value, 2) : "∞"
    }
    let slope =
      "slope \(figure(self.slope.interval.lowerBound)) to \(figure(self.slope.interval.upperBound)), p "
      + NumberText.probability(fit.p)
    switch course {
    case .falls: break
    case .stays: return "not shown to fall, \(slope)"
    case .grows: return "grows, \(slope)"
    }
    let interval = fit.exponentInterval
    // Larger ones are not looked at.
    let most = PowerLawFit.exponents.upperBound
    let exponent =
      fit.exponent > 0.998 * most
      ? "at least \(NumberText.significant(most, 2))" : figure(fit.exponent)
    return "α \(exponent) (\(figure(interval.lowerBound)) to "
      + "\(figure(interval.upperBound))), c \(NumberText.significant(fit.floor, 2))"
  }
}
