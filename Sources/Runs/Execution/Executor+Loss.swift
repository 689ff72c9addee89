import NeuralNetworks

extension Executor {
  /// Warns where the run ends in a network that is clearly worse than the dense one, as far as its last
  /// measurement tells.
  ///
  /// - Parameter computed: the stages of this call; what an earlier one has measured it has told.
  func warnOfLoss(computed: [PlannedStage]) {
    guard !hasWarnedOfCollapse,
      let end = plan.stages.last(where: { $0.kind.changesModel && $0.trial == nil }),
      let leaf = computed.last(where: { $0.kind == .evaluate }), leaf.parent == end.key,
      let record = manifest.record(of: leaf.key), let part = record.metrics.first,
      let comparison = record.evaluation?.against
    else { return }
    let worse = DenseVerdict.all(part.metrics, comparison).filter(\.isClearlyWorse)
    guard !worse.isEmpty else { return }
    environment.events(
      .warning(
        "the network that the run ends with is clearly worse than the dense one of \(comparison.stage): on "
          + "the \(part.part) part \(worse.map(\.description).joined(separator: ", and ")); "
          + plan.remedies.joined(separator: ", or ")))
  }
}

extension Plan {
  /// What may lose less.
  fileprivate var remedies: [String] {
    let first = stages.firstIndex { $0.kind == .prune || $0.kind == .search } ?? stages.endIndex
    let after = stages[first...].filter { $0.action.modelStage?.trains == true }
    if after.isEmpty { return ["lower its sparsity", "put a finetune stage after the pruning"] }
    let stops = after.allSatisfy { $0.action.modelStage?.stopsEarly == true }
    return ["lower its sparsity"]
      + (stops ? [] : ["let its training end in time (training: {early_stop: {patience: 5}})"])
      + ["only prune, without training (prune: {to: …})"]
  }
}
