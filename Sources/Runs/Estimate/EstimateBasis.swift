import NumericCore
import Schedules
import Storage

/// What an estimate is based on.
package struct EstimateBasis: Sendable, Equatable {
  package let machine: MachineIdentity
  /// Timings that it goes by.
  package let timings: Int
  /// Those of them that were made for it, and the seconds that took.
  package let measured: Int
  package let seconds: Double
  /// Where they are kept; nil where they cannot be.
  package let file: String?

  package init(
    machine: MachineIdentity, timings: Int, measured: Int, seconds: Double, file: String?
  ) {
    self.machine = machine
    self.timings = timings
    self.measured = measured
    self.seconds = seconds
    self.file = file
  }

  package var json: JSONValue {
    [
      "machine": machine.json, "timings": JSONValue(timings), "measured": JSONValue(measured),
      "wall_clock_seconds": JSONValue(seconds), "file": JSONValue(file),
    ]
  }
}

extension PlanEstimate {
  /// The estimate of `plan` by what the cache knows, without measuring anything.
  package static func known(
    of plan: Plan, _ session: RunSession, threads: Int, cache: TimesCache?
  ) -> PlanEstimate {
    let machine = MachineIdentity(threads: threads)
    return PlanEstimate(
      of: plan, session.costs(of: plan), cache?.times(of: machine) ?? WorkTimes(machine))
  }

  /// The estimate of `plan` by what the cache knows, and by timings that are made now and kept there.
  ///
  /// - Parameters:
  ///   - pool: what measures; nil where nothing can be measured.
  ///   - now: seconds of a clock that never goes back.
  package static func measured(
    of plan: Plan, _ session: RunSession, threads: Int, pool: WorkerPool?, cache: TimesCache?,
    now: @escaping () -> Double
  ) -> (estimate: PlanEstimate, basis: EstimateBasis) {
    let machine = MachineIdentity(threads: threads)
    let costs = session.costs(of: plan)
    var times = cache?.times(of: machine) ?? WorkTimes(machine)
    let (works, started) = (costs.all, now())
    let measured = pool.map {
      WorkCalibration(pool: $0, folder: cache?.folder, now: now).complete(&times, works)
    }
    let seconds = now() - started
    var file = cache?.file(of: machine)
    if let cache, measured ?? 0 > 0 {
      times.trim(to: Set(works.map(\.name)))
      // A cache that cannot be written is done without.
      do { try cache.keep(times) } catch { file = nil }
    } else if let path = file, !FilePaths.exists(path) {
      file = nil
    }
    return (
      PlanEstimate(of: plan, costs, times),
      EstimateBasis(
        machine: machine, timings: works.count { times[$0.name] != nil }, measured: measured ?? 0,
        seconds: measured ?? 0 > 0 ? seconds : 0, file: file)
    )
  }
}

extension RunSession {
  /// Largest files that are read for their time alone.
  private static let mostRead = 256 << 20

  /// What the stages of `plan` are made of, and reading the data.
  fileprivate func costs(of plan: Plan) -> StageCosts {
    StageCosts(
      of: plan, writing: schedule.checkpoints.writing, reading: readingWork(plan.facts),
      isNight: schedule.nightly != nil)
  }

  /// Reads the data once; nil where that takes long, or where a generator computes them, which is done once.
  private func readingWork(_ facts: DataFacts) -> TimedWork? {
    let sizes = dataFiles.map { FilePaths.size(of: $0) ?? .max }
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 <= Self.mostRead }) else { return nil }
    return TimedWork(name: "reading \(facts.digest.prefix(16))") { [reading] _ in
      {
        _ = try reading.parts()
        return nil
      }
    }
  }
}
