extension Plan {
  /// The plan as it is known before anything runs: without the trials of its searches.
  package var withoutTrials: Plan { expanded(by: [:], openTrials: .never) }

  /// The plan with the trials of its searches: those whose verdicts `records` hold, by their keys, and
  /// the stages of the one that is next. Where a search is done, or its trials are, what follows has
  /// the weights that it came to; so has what follows any stage that finds out itself how many it
  /// leaves.
  ///
  /// A pure function of the schedule's own stages and the verdicts: trials that the plan has already
  /// are put in anew.
  package func expanded(by records: [String: StageRecord]) -> Plan {
    expanded(by: records, openTrials: .whileSearching)
  }

  /// When the trial that is not decided yet is shown.
  enum OpenTrials {
    case never
    case whileSearching
    /// Also of a search whose checkpoint is there although not all of its trials are known.
    case always
  }

  func expanded(by records: [String: StageRecord], openTrials: OpenTrials) -> Plan {
    guard stages.contains(where: \.findsWeights) else { return self }
    var expanded: [PlannedStage] = []
    var isBehind = false
    var known: Int?
    for stage in stages where stage.trial == nil {
      var stage = stage
      if case .search(let search) = stage.action {
        let trials = SearchTrials(of: stage, search, in: self, records: records)
        // A search whose checkpoint is there needs no more trials, whatever is known of them.
        let isDone = records[stage.key]?.file != nil
        expanded += trials.stages
        if openTrials == .always || (openTrials == .whileSearching && !isDone) {
          expanded += trials.open
        }
        known = trials.stop?.kept ?? (isDone ? records[stage.key]?.weights : nil)
        stage.source = trials.source
        isBehind = true
      } else if stage.findsWeights {
        known = records[stage.key]?.weights
        isBehind = true
      }
      if isBehind {
        stage.weights = known
        let total = architecture.weightCount
        stage.sparsity = known.map { Double(total - $0) / Double(total) }
      }
      expanded.append(stage)
    }
    for index in expanded.indices { expanded[index].position = index + 1 }
    var plan = self
    plan.stages = expanded
    return plan
  }

  /// The trials of the search under `key`; nil where there is no such search.
  package func trials(of key: String, records: [String: StageRecord]) -> SearchTrials? {
    guard let stage = stage(under: key), case .search(let search) = stage.action else {
      return nil
    }
    return SearchTrials(of: stage, search, in: self, records: records)
  }
}
