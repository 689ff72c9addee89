extension Manifest {
  /// The key of what the first pruning on the way to the model of `record` began with, or the root's; nil where
  /// nothing was pruned.
  package func parentOfFirstPruning(of record: StageRecord) -> String? {
    var found: String?
    var next: StageRecord? = record
    var steps = 0
    while let stage = next, steps <= recordsByKey.count {
      if stage.kind == .prune || stage.kind == .search { found = stage.parent }
      next = self.record(of: stage.parent)
      steps += 1
    }
    return found
  }
}
