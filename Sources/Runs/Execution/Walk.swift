/// What of a plan is done and what is to do: worked out here, for a run and for whoever says what a run
/// would do.
///
/// A stage that changes the model is done when it, or a later one, has a checkpoint; a leaf when its own
/// record holds.
package struct Walk: Sendable {
  /// The position, from 0, of the first stage that has to be computed, leaves aside.
  package let first: Int
  private let plan: Plan
  private let records: [String: StageRecord]

  /// - Parameter hasModel: whether a run can go on from the checkpoint of a record.
  package init(
    _ plan: Plan, _ records: [String: StageRecord], hasModel: (StageRecord) -> Bool
  ) {
    let last = plan.stages.lastIndex { stage in
      stage.kind.changesModel && records[stage.key].map(hasModel) == true
    }
    self.init(plan, records, first: last.map { $0 + 1 } ?? 0)
  }

  /// The same where the first stage is known.
  init(_ plan: Plan, _ records: [String: StageRecord], first: Int) {
    self.plan = plan
    self.records = records
    self.first = first
  }

  /// The walk of a run that finds `folder` as it is; files are looked at, not read.
  package init(_ plan: Plan, _ records: [String: StageRecord], in folder: RunFolder) {
    self.init(plan, records) { $0.isPresent(in: folder) }
  }

  /// The stage whose model a run goes on from; nil for the model before the first.
  package var goesOnFrom: PlannedStage? {
    plan.stages[..<first].last { $0.kind.changesModel }
  }

  /// Whether the stage at `position`, from 0, has to be computed.
  package func isOpen(_ position: Int) -> Bool {
    let stage = plan.stages[position]
    switch stage.action {
    case .model, .search: return position >= first
    case .leaf(let leaf): return records[stage.key].map { !leaf.isDone($0) } ?? true
    }
  }

  /// The stages that have to be computed, of those before the position `end`; of all unless stated.
  package func open(until end: Int? = nil) -> [PlannedStage] {
    plan.stages.indices.prefix(end ?? plan.stages.count).filter(isOpen).map { plan.stages[$0] }
  }

  /// The records of the models that the open stages begin with, go back to or are compared with, as far
  /// as they are there.
  package func needed(until end: Int? = nil) -> [StageRecord] {
    var seen: Set<String> = []
    return open(until: end).flatMap(\.needs).filter { seen.insert($0).inserted }
      .compactMap { records[$0] }
  }
}
