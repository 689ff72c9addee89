import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// `verify --deep`: what hashes cannot show. Every sound checkpoint is decoded and compared with its
/// record and with the stages before it, and the recorded metrics are measured again.
package struct DeepVerification {
  private let verification: RunVerification
  private let pool: WorkerPool

  /// - Parameter surroundings: with the values of `${NAME}` in the run's schedule.
  package init(folder: RunFolder, pool: WorkerPool, surroundings: Surroundings) {
    verification = RunVerification(folder: folder, surroundings: surroundings)
    self.pool = pool
  }

  /// All that a verification finds, deep or not.
  ///
  /// - Throws: as `RunVerification.report` does.
  package func report() throws -> VerificationReport {
    try verification.settled(reportOnce, findings: \.findings)
  }

  private func reportOnce() throws -> VerificationReport {
    let inspection = try verification.inspect()
    var report = inspection.report
    let sound = inspection.sound
    report.isDeep = true
    guard let manifest = inspection.manifest else {
      report.notes.append("without run.json there is nothing to compare the checkpoints with")
      return report
    }
    let measurement = measurement(manifest, &report)
    let store = CheckpointStore(reading: verification.folder, manifest: manifest)
    let records = manifest.recordsByKey
    let leaves = Dictionary(
      grouping: manifest.stages.filter { !$0.kind.changesModel }, by: \.parent)
    var masks: [String: [Mask?]] = [:]
    for record in parentsFirst(manifest.stages) where sound.contains(record.key) {
      let contents: CheckpointContents
      do {
        contents = try store.contents(of: record)
      } catch RunFailure.damaged(_, let reason) {
        add([reason], record, to: &report)
        continue
      } catch let error as StoreError where error.isMissing {
        // Gone since it was hashed.
        add(["it cannot be read (\(error))"], record, to: &report)
        continue
      }
      let model = ModelConsistency(contents: contents)
      var problems = model.ownProblems + model.problems(against: record)
      if !record.hasNewMasks, let (ancestor, earlier) = nearest(record.parent, masks, records) {
        problems += model.problems(after: earlier, of: ancestor)
      }
      masks[record.key] = model.masks
      add(problems, record, to: &report)
      guard let measurement else { continue }
      for measured in [record] + (leaves[record.key] ?? []) {
        try measurement.compare(
          measured, contents, measuredFile: verification.folder.file(record.file ?? ""),
          remedy: verification.remedy(for: record.name), records, &report)
      }
    }
    if measurement != nil { addUnmeasured(manifest, sound, to: &report) }
    try inspectProgress(store, masks, records, &report)
    return report
  }

  /// Says of how many stages there is no model to measure.
  private func addUnmeasured(
    _ manifest: Manifest, _ sound: Set<String>, to report: inout VerificationReport
  ) {
    let unmeasured = manifest.stages.filter { record in
      !record.metrics.isEmpty
        && !sound.contains(record.kind.changesModel ? record.key : record.parent)
    }
    if unmeasured.isEmpty { return }
    report.notes.append(
      "no checkpoint to measure again: " + unmeasured.map(\.name).joined(separator: ", "))
  }

  /// `records` with every stage behind the one it goes on from, else in their order.
  private func parentsFirst(_ stages: [StageRecord]) -> [StageRecord] {
    let parents = Dictionary(stages.map { ($0.key, $0.parent) }, uniquingKeysWith: { $1 })
    var depths: [String: Int] = [:]
    for stage in stages {
      // Up to a depth that is known, or the root, and down again; parents may go round in a circle.
      var above: [String] = []
      var next = stage.key
      while depths[next] == nil, let parent = parents[next], above.count <= stages.count {
        above.append(next)
        next = parent
      }
      var depth = depths[next] ?? 0
      for key in above.reversed() {
        depth += 1
        depths[key] = depth
      }
    }
    return stages.enumerated().map { (depth: depths[$1.key] ?? 0, place: $0, record: $1) }
      .sorted { ($0.depth, $0.place) < ($1.depth, $1.place) }.map(\.record)
  }

  /// The nearest of the stages from `key` upwards whose masks are known, as far as masks are nested.
  private func nearest(
    _ key: String, _ masks: [String: [Mask?]], _ records: [String: StageRecord]
  ) -> (stage: String, masks: [Mask?])? {
    for record in records.way(from: key) {
      if let found = masks[record.key] { return (record.name, found) }
      if record.hasNewMasks { return nil }
    }
    return nil
  }

  private func add(
    _ problems: [String], _ record: StageRecord, to report: inout VerificationReport
  ) {
    for problem in problems {
      report.add(
        verification.folder.file(record.file ?? ""), record.name, problem,
        verification.remedy(for: record.name))
    }
  }

  private func inspectProgress(
    _ store: CheckpointStore, _ masks: [String: [Mask?]], _ records: [String: StageRecord],
    _ report: inout VerificationReport
  ) throws {
    // Damage is among the findings already.
    guard FilePaths.size(of: store.folder.progress) != nil,
      let contents = try? store.progress()
    else { return }
    let model = ModelConsistency(contents: contents)
    var problems = model.ownProblems
    if let parent = contents.lineage["parent"]?.stringValue,
      let (ancestor, earlier) = nearest(parent, masks, records)
    {
      problems += model.problems(after: earlier, of: ancestor)
    }
    for problem in problems {
      report.add(
        store.folder.progress, contents.lineage["stage"]?.stringValue, problem,
        "move it away, and ecpipe run starts the interrupted stage anew")
    }
  }

  // MARK: Metrics

  /// What it takes to measure again; nil, and a note, where schedule or data are not those of the run.
  private func measurement(
    _ manifest: Manifest, _ report: inout VerificationReport
  ) -> RecordedMetrics? {
    do {
      let run = RecordedRun(verification.folder, manifest)
      let session = try run.session(verification.surroundings)
      let (plan, data) = try session.planAndData()
      // Size, time and inode can stay the same while the bytes change.
      if plan.facts.digest == manifest.data.facts.digest,
        try session.dataDigest() != manifest.data.facts.digest
      {
        for file in manifest.data.files.map(\.path) {
          report.add(
            file, nil,
            "the data have other bytes than the run was computed with, under the same size "
              + "and time",
            "put the old data back, or touch the file and ecpipe run computes all anew")
        }
        return nil
      }
      guard plan.facts.digest == manifest.data.facts.digest else {
        report.notes.append(
          "the data are not those of the run any more, so its metrics are not measured again")
        return nil
      }
      return RecordedMetrics(plan: plan, data: data, pool: pool)
    } catch {
      report.notes.append("the metrics are not measured again: \(error)")
      return nil
    }
  }
}

extension [String: StageRecord] {
  /// The records from that under `key` up to the first; parents may go round in a circle.
  fileprivate func way(from key: String) -> UnfoldSequence<StageRecord, (String, Int)> {
    sequence(state: (key, 0)) { state in
      guard state.1 <= count, let record = self[state.0] else { return nil }
      state = (record.parent, state.1 + 1)
      return record
    }
  }
}

extension StageRecord {
  /// Whether the stage brings pruned weights back, or changes shapes, so that its masks are not within those
  /// before it.
  fileprivate var hasNewMasks: Bool {
    if kind == .shrink || kind == .release { return true }
    // A search has the settings of its trials under `prune`.
    let pruning = settings["prune"] ?? settings
    return pruning["regrow"].map { !$0.isNull } ?? false
  }
}

/// Measures models again and compares what comes out with their records.
private struct RecordedMetrics {
  let plan: Plan
  let data: RunData
  let pool: WorkerPool

  /// Compares the metrics of `record`, made from the model in `contents`.
  ///
  /// - Throws: `DatasetError` where rows cannot be read.
  func compare(
    _ record: StageRecord, _ contents: CheckpointContents, measuredFile: String, remedy: String,
    _ records: [String: StageRecord], _ report: inout VerificationReport
  ) throws {
    guard isOfPlan(record, records) else {
      report.notes.append(
        "stage \(record.name) (\(record.key.prefix(8))): made by other settings of data, model or "
          + "loss than the schedule has now; its metrics are not measured again")
      return
    }
    let state = contents.state
    guard plan.architecture.contains(state.network) else { return }
    if record.metrics.isEmpty { return }
    report.measured += 1
    for recorded in record.metrics {
      guard let part = DataPartName(rawValue: recorded.part), let samples = data[part],
        samples.count > 0
      else {
        report.notes.append(
          "stage \(record.name): the data have no \(recorded.part) part to measure again")
        continue
      }
      let measured = Evaluator(
        samples: samples, loss: plan.loss, targetScaling: state.targetScaling, pool: pool
      ).metrics(of: state.network)
      try samples.demandRead()
      let comparison = MetricsComparison(
        recorded: recorded.metrics, measured: measured, samples: samples.count)
      let text = "stage \(record.name), \(recorded.part) part: \(comparison.description)"
      // An evaluation may have been made on another machine than its model.
      let isExact = record.kind.changesModel && contents.fingerprint == Fingerprint.json
      switch comparison.outcome {
      case .same: break
      case .close where !isExact:
        report.notes.append(text + "; as close as another processor or library makes it")
      case .close, .different:
        report.add(measuredFile, record.name, text, remedy)
      }
    }
  }

  /// Whether the stages before `record` begin with the model that the plan begins with.
  private func isOfPlan(_ record: StageRecord, _ records: [String: StageRecord]) -> Bool {
    let first = Array(records.way(from: record.parent)).last ?? record
    return plan.stage(under: record.key) != nil || first.parent == plan.root.key
  }
}
