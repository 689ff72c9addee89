import Storage

/// What a plan will take, as far as it can be known: seconds from what works take on this machine, memory and
/// disk from shapes and counts.
package struct PlanEstimate: Sendable, Equatable {
  /// Of one stage.
  package struct Stage: Sendable, Equatable {
    package let name: String
    /// Seconds to compute it, at most where it may end early; nil where nobody knows.
    package let seconds: Double?
    /// Bytes of memory that the process has while it is computed.
    package let memory: Int
    /// Bytes of its checkpoint, or of the files that it writes; nil where nobody knows.
    package let bytes: Int?

    package init(name: String, seconds: Double?, memory: Int, bytes: Int?) {
      self.name = name
      self.seconds = seconds
      self.memory = memory
      self.bytes = bytes
    }
  }

  package let stages: [Stage]
  /// Seconds that a run waits for checkpoints to be compressed and on disk.
  package let writingSeconds: Double
  /// Seconds until the data are in memory; nil where nobody knows.
  package let readingSeconds: Double?
  /// Seconds in which the network of a night is compared with the one in service; 0 for a run that is none.
  package let contestSeconds: Double
  /// Bytes of events, manifest and report.
  package let recordBytes: Int

  /// Seconds of all stages of which something is known, of reading the data, of writing and of comparing.
  package var seconds: Double {
    stages.reduce(writingSeconds + (readingSeconds ?? 0) + contestSeconds) {
      $0 + ($1.seconds ?? 0)
    }
  }
  /// Whether the seconds of all stages are known.
  package var isComplete: Bool { stages.allSatisfy { $0.seconds != nil } }
  /// Bytes of memory at most.
  package var memory: Int { stages.map(\.memory).max() ?? 0 }
  /// Bytes of all files of which something is known.
  package var bytes: Int { stages.reduce(recordBytes) { $0 + ($1.bytes ?? 0) } }

  package init(
    stages: [Stage], writingSeconds: Double = 0, readingSeconds: Double? = nil,
    contestSeconds: Double = 0, recordBytes: Int = 0
  ) {
    self.stages = stages
    self.writingSeconds = writingSeconds
    self.readingSeconds = readingSeconds
    self.contestSeconds = contestSeconds
    self.recordBytes = recordBytes
  }

  /// The estimate of `plan` by what `times` know.
  package init(of plan: Plan, _ costs: StageCosts, _ times: WorkTimes) {
    let seconds = { (work: TimedWork) in times[work.name]?.seconds }
    let bytes = { (work: TimedWork) in times[work.name]?.bytes.map(Double.init) }
    var writing = WritingTime(
      commit: costs.commit.total(seconds) ?? 0,
      isCrowded: times.machine.threads >= times.machine.processors)
    var stages: [Stage] = []
    for stage in plan.stages {
      let own = costs.seconds(of: stage)?.total(seconds)
      let checkpoint = costs.checkpoint(of: stage)
      let added = writing.pass(stage, in: plan, taking: own ?? 0)
      writing.begin(checkpoint?.total(seconds))
      let files = checkpoint ?? costs.files(of: stage) ?? costs.trialCheckpoints(of: stage)
      stages.append(
        Stage(
          name: stage.name, seconds: own.map { $0 + added },
          memory: Int(MemoryEstimate(of: stage, in: plan).bytes),
          bytes: (files?.total(bytes)).map { Int($0.rounded()) }))
    }
    writing.end()
    self.init(
      stages: stages, writingSeconds: writing.waiting,
      readingSeconds: costs.reading.flatMap(seconds),
      contestSeconds: costs.contest.total(seconds) ?? 0,
      recordBytes: RecordSizes(of: plan).bytes)
  }
}

/// What writing adds to a run: a checkpoint is compressed while the next stage is computed, and committed during
/// or behind that.
private struct WritingTime {
  /// Seconds in which checkpoints are put on disk.
  let commit: Double
  /// Whether computing takes all processors, so that what is compressed beside it slows it down.
  let isCrowded: Bool
  /// Seconds between stages.
  private(set) var waiting = 0.0
  /// Seconds that compressing the last checkpoint takes; nil where there is none.
  private var pending: Double?

  init(commit: Double, isCrowded: Bool) {
    self.commit = commit
    self.isCrowded = isCrowded
  }

  /// Begins to compress a checkpoint; nil for none, or one of which nothing is known.
  mutating func begin(_ seconds: Double?) { pending = seconds }

  /// Lets `stage` pass.
  ///
  /// - Returns: the seconds by which its own grow.
  mutating func pass(_ stage: PlannedStage, in plan: Plan, taking own: Double) -> Double {
    guard let left = pending else { return 0 }
    pending = nil
    // A leaf that looks for the dense network has the last checkpoint committed first.
    if !stage.kind.changesModel, plan.dense(before: stage) != nil { return left + commit }
    let beside = isCrowded ? min(own, left) : 0
    let rest = max(0, left - own)
    if stage.action.modelStage is TrainStage, rest == 0 { return beside + commit }
    waiting += rest + commit
    return beside
  }

  mutating func end() {
    if let left = pending { waiting += left + commit }
    pending = nil
  }
}

extension PlanEstimate {
  /// As an event of a run has it: a list a kind of number, so that it stays short.
  package var json: JSONValue {
    [
      "names": JSONValue(stages.map { .string($0.name) }),
      "seconds": JSONValue(stages.map { JSONValue($0.seconds) }),
      "memory_bytes": JSONValue(stages.map { JSONValue($0.memory) }),
      "bytes": JSONValue(stages.map { JSONValue($0.bytes) }),
      "writing_seconds": JSONValue(writingSeconds),
      "reading_seconds": JSONValue(readingSeconds),
      "contest_seconds": JSONValue(contestSeconds), "record_bytes": JSONValue(recordBytes),
    ]
  }

  /// - Throws: `JSONError` for what is no estimate.
  package init(json: JSONValue) throws(JSONError) {
    let names = try json.array(at: "names").map { $0.stringValue ?? "" }
    let seconds = try json.array(at: "seconds").map(\.doubleValue)
    let memory = try json.array(at: "memory_bytes").map { $0.intValue ?? 0 }
    let bytes = try json.array(at: "bytes").map(\.intValue)
    guard [seconds.count, memory.count, bytes.count].allSatisfy({ $0 == names.count }) else {
      throw .wrongKind(path: "names", expected: "a name for every number", found: "others")
    }
    self.init(
      stages: names.indices.map {
        Stage(name: names[$0], seconds: seconds[$0], memory: memory[$0], bytes: bytes[$0])
      }, writingSeconds: try json.number(at: "writing_seconds"),
      // Those of earlier versions have none of these.
      readingSeconds: json["reading_seconds"]?.doubleValue,
      contestSeconds: json["contest_seconds"]?.doubleValue ?? 0,
      recordBytes: json["record_bytes"]?.intValue ?? 0)
  }
}
