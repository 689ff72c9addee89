import Datasets
import ModelFiles
import NumericCore
import Runs
import Schedules
import Storage

/// One night: from the data as they are tonight to a decision on the network that they make.
///
/// Order: the lock, what a killed night has left, the guard of the files, the guard of the rows, the night's
/// run, the contest, the decision (on disk first), the link. A kill between any two leaves a folder from
/// which the next night goes on, with the champion that the last decision names.
package struct NightSession {
  /// What the command line and the process add.
  package struct Options: Sendable {
    /// The folder of all runs.
    package var checkpoints: String
    /// Whether tonight's network is promoted whatever is found.
    package var isForced = false
    /// `key.path=value`, in place of what the schedule says.
    package var overrides: [String] = []
    package var surroundings: Surroundings
    /// The command that goes on after an interruption.
    package var continueCommand: String

    package init(checkpoints: String, surroundings: Surroundings, continueCommand: String) {
      self.checkpoints = checkpoints
      self.surroundings = surroundings
      self.continueCommand = continueCommand
    }

    /// What a run of the schedule gets of them.
    func ofRun(in checkpoints: String) -> RunSession.Options {
      var run = RunSession.Options(
        checkpoints: checkpoints, surroundings: surroundings, continueCommand: continueCommand)
      run.overrides = overrides
      return run
    }
  }

  /// What a night needs while it goes on.
  package struct Work {
    let pool: WorkerPool
    /// Takes the events of the run in a folder.
    let events: (RunFolder) -> EventSink
    /// Takes sentences for the log.
    let say: (String) -> Void
    let isInterrupted: () -> Bool
    /// Takes how far each column has moved, the farthest first, where there is a champion.
    let drifts: ([ColumnDrift]) -> Void
    /// Takes what somebody should know though the night went well, as a sentence.
    let warn: (String) -> Void
    /// Takes what somebody has to look at however the night ends, as a sentence.
    let alarm: (String) -> Void

    package init(
      pool: WorkerPool, events: @escaping (RunFolder) -> EventSink,
      say: @escaping (String) -> Void, drifts: @escaping ([ColumnDrift]) -> Void = { _ in },
      warn: @escaping (String) -> Void = { _ in }, alarm: @escaping (String) -> Void = { _ in },
      isInterrupted: @escaping () -> Bool
    ) {
      self.drifts = drifts
      self.warn = { text in
        say("warning: \(text)")
        warn(text)
      }
      self.alarm = { text in
        say("warning: \(text)")
        alarm(text)
      }
      self.pool = pool
      self.events = events
      self.say = say
      self.isInterrupted = isInterrupted
    }
  }

  let schedulePath: String
  let options: Options
  /// The schedule as it is without a network to begin with.
  let probe: RunSession
  package let settings: NightlySettings
  /// Where others are told how nights go, and the folder that these paths are relative to.
  package var log: (settings: LogSettings?, folder: String) {
    (probe.schedule.log, probe.scheduleFolder)
  }
  package let folder: NightlyFolder
  /// Tonight's settings.
  let recipe: NightRecipe

  /// Reads the schedule at `path`.
  ///
  /// - Throws: `ScheduleError`, `NightFailure.notNightly`, `.unstableSplit`, `.shrinksChampion`,
  ///   `RunFailure.invalid`.
  package init(schedulePath path: String, options: Options) throws {
    probe = try RunSession(
      schedulePath: path, options: options.ofRun(in: options.checkpoints))
    settings = try Self.settings(of: probe, at: path)
    recipe = NightRecipe(probe.schedule)
    schedulePath = path
    var options = options
    options.continueCommand = Secrets(settings).hidden(in: options.continueCommand)
    self.options = options
    folder = NightlyFolder(checkpoints: options.checkpoints, name: probe.schedule.name)
    try folder.refuseOtherKind()
  }

  /// What the schedule of `session` says for its nights.
  ///
  /// - Throws: `NightFailure.notNightly`, `.unstableSplit`, `.shrinksChampion`; `ScheduleError` where a variable
  ///   is not set.
  package static func settings(
    of session: RunSession, at path: String
  ) throws -> NightlySettings {
    guard let settings = session.schedule.nightly else {
      throw NightFailure.notNightly(schedule: path)
    }
    if let problems = settings.problems(in: path) { throw problems }
    let data = session.schedule.data
    // Rows that are taken from one source have to stay on their side of it.
    for case .share in [data.validation, data.test] where !data.rule.keepsSides {
      throw NightFailure.unstableSplit(schedule: path)
    }
    if settings.start != .cold, session.schedule.stages.contains(where: \.entry.shrinks) {
      throw NightFailure.shrinksChampion(schedule: path)
    }
    return settings
  }

  /// Takes the lock of the job, which lasts as long as what is returned.
  ///
  /// - Throws: `LockHeld`, `StoreError`, `RunFailure.commandLine`.
  package func begin() throws -> FileLock {
    if let file = RunLocator(checkpoints: folder.checkpoints).obstacle { throw file }
    try FilePaths.makeFolders(folder.checkpoints)
    let lock = try FileLock(path: folder.lock, startedAt: options.surroundings.now())
    try folder.refuseOtherKind()
    try folder.make()
    return lock
  }

  /// Does tonight's work, under the lock; the decision is on disk on return.
  ///
  /// - Throws: `RunFailure.interrupted` when asked to stop, with everything saved; what else went wrong is a
  ///   decision `failed` or `stopped`, and then thrown: `NightFailure`, `RunFailure`, `DatasetError`,
  ///   `StoreError`.
  package func run(_ work: Work) throws -> Decision {
    let log = DecisionLog(folder)
    let service = Service(folder, pool: work.pool)
    let content = try log.read()
    var decisions = content.decisions
    for line in content.damaged {
      work.say("warning: \(folder.decisions): line \(line) is damaged and does not count")
    }
    var night = Self.newNight(in: folder, decisions, now: options.surroundings.now())
    do {
      let settled = try settle(content, log, service, work)
      decisions = settled.decisions
      makeRoom(decisions, work)
      mendRecords(decisions, work)
      var guarded = Guarded(warnings: settled.alarm.map { [$0] } ?? [], isForced: false)
      guarded.add(try guardFiles(work))
      let digest = try probe.dataDigest()
      if let open = try unfinished(decisions, digest: digest, log, work) { night = open }
      return try decide(night, decisions, guarded, digest: digest, log, service, work)
    } catch {
      if case RunFailure.interrupted = error { throw error }
      do {
        try record(error, of: night, log)
      } catch let refused {
        // What went wrong first is what has to be said.
        work.say("warning: the decision is not recorded: \(refused)")
      }
      throw error
    }
  }

  // MARK: Steps

  private func decide(
    _ night: String, _ decisions: [Decision], _ files: Guarded, digest: String,
    _ log: DecisionLog, _ service: Service, _ work: Work
  ) throws -> Decision {
    let run = folder.night(night)
    var guarded = files
    if NightNote(in: run) == nil {
      let start = start(decisions, digest: digest)
      if let warning = start.warning {
        work.say("warning: \(warning)")
        guarded.add(Guarded(warnings: [warning], isForced: false))
      }
      work.say("\(night) begins with \(start.text)")
      try NightFolder(job: folder).make(
        night, from: start, by: recipe, startedAt: options.surroundings.now())
    }
    let prepared = try prepare(night, work)
    let data = prepared.data
    guarded.add(try guardRows(data, of: night, work))
    guarded.add(misfit: prepared.misfit, isForced: settings.guarding.action == .stop)
    _ = try prepared.session.run(
      prepared.preview, pool: work.pool, events: work.events(run),
      isInterrupted: work.isInterrupted)
    try DataProfile(data).write(to: run)
    let decision = try judge(
      night, data, decisions, guarded, service, work, prepared.preview.plan)
    if decision.outcome == .promoted {
      let notes = try NightExports(run, pool: work.pool).write(settings.exports) {
        OwnData(
          data, of: probe.schedule.training.loss, called: "the data of \(night)",
          state: try StoredModel(path: run.result).state)
      }
      notes.forEach { work.say("\(night): \($0)") }
      try service.check(night, digest: decision.championDigest)
    }
    if let hashes = data.rowHashes { try NightRows(night, hashes).write(to: folder) }
    try log.append(decision)
    work.say("\(night): \(decision.outcome.rawValue): \(decision.reason)")
    if decision.outcome == .promoted {
      try service.put(night, digest: decision.championDigest)
    }
    tidy(decisions + [decision], work)
    return decision
  }

  /// What is to be decided of the finished night.
  private func judge(
    _ night: String, _ data: RunData, _ decisions: [Decision], _ guarded: Guarded,
    _ service: Service, _ work: Work, _ plan: Plan
  ) throws -> Decision {
    let run = folder.night(night)
    let promote = settings.promote.judging(targets: plan.facts.targets)
    let judgement = Judgement(
      job: folder, settings: promote, loss: probe.schedule.training.loss, pool: work.pool
    ) {
      try session(in: run, start: $0).loadData()
    }
    let challenger = try judgement.measure(night, on: data)
    try Witness(challenger.network, on: challenger.samples, pool: work.pool).write(to: run)
    var champion: Judgement.Measured?
    var warnings = guarded.warnings
    var obstacle = folder.linkedNight.flatMap(splitChange)
    if let incumbent = folder.linkedNight, obstacle == nil {
      do {
        try service.check(
          incumbent, digest: NightHistory.digest(of: incumbent, in: decisions))
        // A network that began with the champion takes the data as the champion does.
        let isAlike = NightNote(in: run)?.start == incumbent
        let measured = try judgement.measure(incumbent, on: isAlike ? data : nil)
        obstacle = difference(measured, challenger)
        champion = measured
      } catch let error as RunFailure {
        // What is damaged serves nobody; tonight's is judged as a first network is.
        warnings.append("the champion \(incumbent) is not sound (\(error))")
        work.say("warning: \(warnings.last ?? "")")
      } catch let error as DatasetError {
        obstacle = "the champion cannot read tonight's data: \(error)"
      }
    }
    let rival = obstacle == nil ? champion.map { ($0.contender, $0.scores) } : nil
    let network = rival == nil ? DenseNetwork(of: night, in: folder, plan.start) : nil
    var ruling = PromotionRule(promote, seed: probe.schedule.seed).ruling(
      on: (challenger.contender, challenger.scores), against: rival,
      dense: network.map { judgement.dense($0, on: challenger.samples) },
      constant: rival == nil ? judgement.constant(data, on: challenger.samples) : nil)
    if let fall = fall(of: champion, ruling, decisions, promote), ruling.outcome != .undecided {
      ruling.outcome = .refused
      ruling.reason = fall.text
    }
    if let obstacle, ruling.outcome == .promoted, guarded.misfit != nil {
      ruling.reason += "; compared with none that served before: \(obstacle)"
    } else if let obstacle, ruling.outcome == .promoted {
      ruling.outcome = .undecided
      ruling.reason = "not decided: \(obstacle)"
    }
    if ruling.outcome == .promoted,
      NightHistory.rejected(by: decisions).contains(challenger.contender.sha256)
    {
      ruling.outcome = .refused
      ruling.reason = "this very network was rolled back by hand; ecpipe promote puts it back"
    }
    if let warning = ruling.warning, ruling.outcome == .promoted {
      warnings.append(warning)
      work.warn(warning)
    }
    let isOverruled = options.isForced && ruling.outcome != .promoted
    let outcome = isOverruled ? .promoted : ruling.outcome
    let isNew = outcome == .promoted
    return Decision(
      night: night, time: options.surroundings.now(), outcome: outcome,
      isForced: isOverruled || guarded.isForced,
      reason: (isOverruled ? "forced, against: " : "") + ruling.reason
        + (guarded.isForced ? "; forced past the guard of the data" : ""),
      champion: isNew ? night : folder.linkedNight,
      championDigest: isNew ? ruling.challenger.sha256 : ruling.champion?.sha256,
      comparison: ruling.comparison, challenger: ruling.challenger, incumbent: ruling.champion,
      warnings: warnings)
  }
}
