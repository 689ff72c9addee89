import ArgumentParser
import Runs
import Schedules
import Storage
import Studies

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every stage with the exact number of weights it leaves, before anything runs.",
    discussion: """
      Beside it stands what each stage is expected to take: seconds, memory of the process, and bytes of what it \
      writes. Times come from a calibration: the engine does what the stages do, on their shapes, for two seconds at \
      most. They are kept in $XDG_CACHE_HOME/ecpipe, or ~/.cache/ecpipe, for the next time.

      With --ranks, whether several machines pay: what ranks would share of each training and pruning, those of the \
      trials of a search included, the bytes that a rank receives for it, and how much sooner they are done. Bytes are \
      counted, times come from assumed rates. --threads are those of each rank; what is measured for --json is measured \
      on the processors of this machine.

      Of a study, every cell with the number of weights that it is pruned to.
      """,
    examples: [
      "ecpipe plan pipelines/digits.yaml",
      "ecpipe plan pipelines/digits.yaml --set seed=7 --json",
      "ecpipe plan pipelines/mnist.yaml --ranks 4 --threads 8",
    ])

  @Flag(
    inversion: .prefixedNo,
    help: "Say what stages are expected to take, which may want measuring for a second or two.")
  var estimate = true

  @Option(
    help: ArgumentHelp(
      "Show in place of the stages what so many ranks of mpirun would share of them, and whether that pays.",
      valueName: "n"))
  var ranks: Int?

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try ThreadOptions.check("--ranks", ranks, 1...4096) }

  func run() throws {
    if let study = try options.study(threads.surroundings.beforeProducts) {
      if ranks != nil {
        throw ValidationError(
          "--ranks is for schedules: the cells of a study are shared by workers, see ecpipe compare --help"
        )
      }
      let plan = try study.planned().plan
      return try output.print(plan.json, or: StudyText.lines(of: plan, width: Output.width))
    }
    let (session, known) = try options.plan(output, threads)
    let plan = known.withoutTrials
    // What ranks share is told without it.
    let expected = estimate && (ranks == nil || output.json) ? estimated(plan, session) : nil
    var json = plan.json(expected)
    var lines: [String]
    if let ranks {
      let ranks = ExpectedRanks(
        count: ranks, threads: threads.count, demanded: Ranks.demandedSharing)
      let forecasts = plan.forecasts(for: ranks)
      json["ranks"] = .array(forecasts.map(\.json))
      json["ranks_verdict"] = RankVerdict(forecasts).json
      lines =
        PlanTable.head(of: plan)
        + RankText.lines(of: forecasts, searches: plan.searches, for: ranks, width: Output.width)
    } else {
      lines = PlanTable.lines(of: plan, expected?.estimate, width: Output.width)
      if let (estimate, basis) = expected {
        lines += EstimateText.lines(of: estimate, basis, width: Output.width)
      }
    }
    try output.print(json, or: lines)
  }

  private func estimated(
    _ plan: Plan, _ session: RunSession
  ) -> (estimate: PlanEstimate, basis: EstimateBasis) {
    // Where memory is scarce, only what is known already counts.
    let isScarce = MemoryAllowance.present.map { $0 < Self.leastMemory } ?? false
    // Threads of ranks are those of other hosts; the estimate is of this one.
    var threads = threads
    if ranks != nil { threads.threads = min(threads.count, ThreadOptions.usual) }
    return PlanEstimate.measured(
      of: plan, session, threads: threads.count,
      pool: isScarce ? nil : try? threads.pool,
      cache: TimesCache(environment: Surroundings.process.environment), now: DisplayMode.seconds)
  }

  /// Bytes that measuring may take.
  private static let leastMemory = 1 << 30
}

extension StudyPlan {
  /// The form of `plan --json` for a study.
  fileprivate var json: JSONValue {
    [
      "format": 1, "kind": "study", "name": .string(settings.name),
      "dense": JSONValue(
        groups.filter(\.trainsDense).map {
          ["name": .string($0.text), "key": .string($0.key)]
        }),
      "cells": JSONValue(cells.map { StudyRecord.Cell($0).json }),
    ]
  }
}

extension Plan {
  /// The form of `plan --json`.
  fileprivate func json(
    _ expected: (estimate: PlanEstimate, basis: EstimateBasis)?
  ) -> JSONValue {
    var json: JSONValue = [
      "format": 1, "name": .string(name),
      "stages": .array(
        stages.enumerated().map { index, stage in
          var json: JSONValue = [
            "name": .string(stage.name), "kind": .string(stage.kind.rawValue),
            "key": .string(stage.key), "epochs": JSONValue(stage.epochs),
            "sparsity": JSONValue(stage.sparsity), "weights": JSONValue(stage.weights),
            "layers": layerCounts(of: stage).map { .array($0.map(\.json)) } ?? .null,
          ]
          if let own = expected?.estimate.stages[index] {
            json["seconds"] = JSONValue(own.seconds)
            json["memory_bytes"] = JSONValue(own.memory)
            json["bytes"] = JSONValue(own.bytes)
          }
          if let call = stage.callTime {
            json["limit"] = [
              "milliseconds": JSONValue(call.milliseconds), "batch": JSONValue(call.batch),
            ]
          }
          if case .search(let action) = stage.action { json["search"] = action.json }
          return json
        }),
    ]
    if let (estimate, basis) = expected {
      json["estimate"] = [
        "seconds": JSONValue(estimate.seconds), "complete": .bool(estimate.isComplete),
        "writing_seconds": JSONValue(estimate.writingSeconds),
        "reading_seconds": JSONValue(estimate.readingSeconds),
        "contest_seconds": JSONValue(estimate.contestSeconds),
        "record_bytes": JSONValue(estimate.recordBytes),
        "memory_bytes": JSONValue(estimate.memory), "bytes": JSONValue(estimate.bytes),
        "basis": basis.json,
      ]
    }
    return json
  }
}
