import NeuralNetworks
import Nightly
import Runs
import Storage
import Studies

/// A run, a study or a nightly job in a list.
package struct ListedWork: Sendable, Equatable {
  /// The model that it has come to.
  package struct Result: Sendable, Equatable {
    /// The stage that it is from.
    package let stage: String
    package let sparsity: Double
    package let weights: Int
    /// Of its file; nil where that was let go.
    package let bytes: Int?
    /// How good it is; nil where that is not measured.
    package fileprivate(set) var quality: Quality?
  }

  /// One number for how good a model is.
  package struct Quality: Sendable, Equatable {
    /// accuracy, rmse, nrmse (of several targets) or loss.
    package let measure: String
    package let part: String
    package let value: Double

    /// What counts of `metrics`.
    init(_ metrics: PartMetrics) {
      part = metrics.part
      let quality = metrics.metrics.quality
      (measure, value) = (quality.measure.rawValue, quality.value)
    }

    /// What nights have last measured of the network of `night`; nil where none has.
    init?(of night: String, in decisions: [Decision]) {
      for decision in decisions.reversed() {
        let judged = [decision.challenger, decision.incumbent].compactMap { $0 }
        guard let comparison = decision.comparison,
          let value = judged.first(where: { $0.night == night })?.value
        else { continue }
        (measure, part, self.value) = (comparison.metric, comparison.part, value)
        return
      }
      return nil
    }
  }

  package let kind: FolderKind
  package let name: String
  /// done, running, interrupted, failed, stopped or damaged; of a job, how the last decision fell.
  package private(set) var state = ""
  /// What belongs to the state: how many cells, which night, or what is wrong.
  package private(set) var note: String?
  package private(set) var result: Result?
  /// Nanoseconds since 1970.
  package let modified: Int
  /// What two runs have in common that differ in their seed alone; nil for what is no run.
  package private(set) var recipe: String?
  package private(set) var seed: Int?

  /// What the folder `name` of the folder `path` holds; nil for something else.
  init?(in path: String, name: String) {
    let run = RunFolder(checkpoints: path, name: name)
    guard FilePaths.linkTarget(run.path) == nil,
      let kind = FolderKind.allCases.first(where: { FilePaths.exists(run.file($0.mark)) })
    else { return nil }
    self.kind = kind
    self.name = name
    let study = StudyFolder(checkpoints: path, name: name)
    let job = NightlyFolder(checkpoints: path, name: name)
    let files =
      switch kind {
      case .run: [run.manifest, run.journal]
      case .study: [study.study, study.record, study.cells]
      case .nightly: [job.note, job.decisions]
      }
    modified = files.compactMap { FileStamp(path: $0)?.modified }.max() ?? 0
    let unread = self
    let look = SteadyLook(at: run, [run.layout.manifest, run.layout.journal])
    do {
      let read = try look.value(isSettled: { !$0.canBeOfMoment }) {
        var read = unread
        switch kind {
        case .run: try read.read(run)
        case .study: try read.read(study)
        case .nightly: try read.read(job)
        }
        return read
      }
      (state, note, result) = (read.state, read.note, read.result)
      (recipe, seed) = (read.recipe, read.seed)
    } catch {
      state = "damaged"
      note = "\(error)"
    }
  }

  /// Whether the state may only be what a process that begins, or ends, leaves for a moment.
  private var canBeOfMoment: Bool { ["damaged", "interrupted", "failed"].contains(state) }

  /// When it was last changed, in UTC.
  package var when: String { Timestamp.text(of: modified / 1_000_000_000) }

  // MARK: Kinds

  private mutating func read(_ folder: RunFolder) throws {
    let recorded = try RecordedRun(folder: folder)
    let manifest = recorded.manifest
    let history = RunHistory(folder)
    switch history.ending {
    case _ where FileLock.isHeld(path: folder.lock): (state, note) = ("running", history.epoch)
    case .failed(let message): (state, note) = ("failed", message)
    case .stopped(let stage): (state, note) = ("stopped", "after \(stage)")
    case nil: state = history.isFinished ? "done" : "interrupted"
    }
    result = Self.result(of: manifest, in: folder)
    if state == "done", let file = Self.resultFile(of: folder), !FilePaths.exists(folder.file(file))
    {
      (state, note) = ("damaged", "\(folder.file(file)) is gone")
    }
    var own = manifest.schedule
    seed = own["seed"]?.intValue
    for key in ["seed", "name"] { own[key] = .null }
    own["data_digest"] = .string(manifest.data.facts.digest)
    recipe = own.canonical
  }

  private mutating func read(_ folder: StudyFolder) throws {
    let status = try StudyStatus(of: folder)
    state = status.summary
    note =
      "\(status.count(.done)) of \(counted(status.states.count, "cell"))"
      + (status.message.map { "; \($0)" } ?? "")
  }

  private mutating func read(_ folder: NightlyFolder) throws {
    let status = try JobStatus(folder)
    state = status.summary
    guard let champion = status.champion else {
      note = "nothing in service, \(counted(status.nights, "night"))"
      return
    }
    note = "in service \(champion), \(counted(status.nights, "night"))"
    let night = folder.night(champion)
    result = try CheckpointStore.manifest(of: night).flatMap { Self.result(of: $0, in: night) }
    // As history has it: how the network does on the rows that it is judged by.
    if let judged = Quality(of: champion, in: try NightHistory(folder).decisions) {
      result?.quality = judged
    }
  }

  // MARK: The model

  private static func resultFile(of folder: RunFolder) -> String? {
    FilePaths.linkTarget(folder.result).map { FilePaths.name(of: $0) }
  }

  private static func result(of manifest: Manifest, in folder: RunFolder) -> Result? {
    let file = resultFile(of: folder)
    guard let record = manifest.stages.last(where: { $0.file != nil && $0.file == file }) else {
      return nil
    }
    return Result(
      stage: record.name, sparsity: record.sparsity, weights: record.weights, bytes: record.bytes,
      quality: manifest.measures(of: record).first.map(Quality.init))
  }
}

extension Manifest {
  /// How good the model of `record` is, the test part first, then others that it was measured on.
  package func measures(of record: StageRecord) -> [PartMetrics] {
    let leaves = stages.filter { $0.parent == record.key && !$0.kind.changesModel }
    var found: [PartMetrics] = []
    for metrics in leaves.reversed().flatMap(\.metrics) + record.metrics
    where !found.contains(where: { $0.part == metrics.part }) {
      found.append(metrics)
    }
    let order = ["test": 0, "validation": 1]
    return found.sorted { order[$0.part] ?? 2 < order[$1.part] ?? 2 }
  }
}

extension ListedWork {
  var json: JSONValue {
    [
      "name": .string(name), "kind": .string(kind.rawValue), "state": .string(state),
      "note": JSONValue(note), "seed": JSONValue(seed), "when": .string(when),
      "result": result.map { result in
        [
          "stage": .string(result.stage), "sparsity": JSONValue(result.sparsity),
          "weights": JSONValue(result.weights), "bytes": JSONValue(result.bytes),
          "quality": result.quality.map { quality in
            [
              "measure": .string(quality.measure), "part": .string(quality.part),
              "value": JSONValue(quality.value),
            ]
          } ?? .null,
        ]
      } ?? .null,
    ]
  }
}
