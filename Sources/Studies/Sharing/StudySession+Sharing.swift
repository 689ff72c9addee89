import Glibc
import Runs
import Storage

// MARK: One of several workers

extension StudySession {
  /// The claim of whoever writes table and page.
  private static let outputs = "outputs"

  /// Measures cells together with other workers until all have results, and sees to it that table and page
  /// are those of all results.
  ///
  /// - Throws: as `run`; `LockHeld` where a process has the study alone.
  func share(
    _ lease: Duration, events: @escaping StudyEventSink,
    isInterrupted: @escaping @Sendable () -> Bool,
    page: (String, StudySettings, StudyTable, [String: Double]) -> String
  ) throws -> Outcome {
    let (plan, sources, known) = try preview()
    try folder.refuseOtherKind()
    if FileLock.isHeld(path: folder.lock) { throw LockHeld(path: folder.lock, holder: "") }
    try FilePaths.makeFolders(folder.claims)
    try refuseOtherStudy()
    let worker = try StudyWorker(in: folder)
    let heartbeat = try Heartbeat(path: worker.heartbeat, lease: lease)
    defer {
      heartbeat.end()
      worker.leave()
    }
    (obstructions + notices(plan, known.map(\.record))).forEach { events(.notice($0)) }
    if let old = predecessor(),
      let notice = replacement(of: old, by: plan, try StudyResults(of: folder).results)
    {
      events(.notice(notice))
    }
    let put: @Sendable ([UInt8], String) throws(StoreError) -> Void = {
      (bytes, path) throws(StoreError) in try worker.share(bytes, as: path)
    }
    let log = StudyLog(path: worker.events, now: options.surroundings.now)
    let events: StudyEventSink = { event in
      log.note(event)
      events(event)
    }
    let start = SuspendingClock.now
    let claims = WorkClaims(of: worker, lease: lease) { SuspendingClock.now - start }
    let work = StudyWork(
      plan: plan, folder: folder, dense: DenseModels(folder: folder, write: put),
      journal: StudyJournal(path: worker.journal), events: events, isInterrupted: isInterrupted,
      continueCommand: options.continueCommand)
    // Events are logged behind the record.
    let record = try alone(claims, work) { try writeRecord(of: plan, put: put) }
    try noteStarts(events)
    return try told(events) {
      try inPlace(worker) {
        let executor = SharedStudyExecutor(work: work, claims: claims, threads: options.threads)
        let data = StudyData(sources, known) { work.interruption(StopSign(), in: folder.name) }
        let measured = try executor.run { try RunData(data.parts($0)) }
        return try alone(claims, work) {
          folder.removeClaims(but: Self.outputs)
          let table = StudyTable(plan, try StudyResults(of: folder).results)
          let guesses = try self.guesses(data)
          table.learningWarnings(guesses: guesses).forEach { events(.warning($0)) }
          let shown = page(folder.name, settings, table, guesses)
          let files = [
            (name: folder.layout.results, text: table.csv),
            (name: folder.layout.report, text: shown),
          ]
          if try !areThere(files) { try write(files, of: record, put: put) }
          return Outcome(
            plan: plan, table: table, measured: measured, csv: folder.results, page: folder.report)
        }
      }
    }
  }

  /// What `body` returns while no other worker writes the record, the table or the page: one after the other, so that
  /// files of one moment stand together, and what is recorded of them.
  private func alone<Value>(
    _ claims: WorkClaims, _ work: StudyWork, _ body: () throws -> Value
  ) throws -> Value {
    while try !claims.take(Self.outputs) {
      try work.checkStop(StopSign(), in: folder.name)
      usleep(100_000)
    }
    defer { try? claims.give(Self.outputs) }
    return try body()
  }

  /// Whether another worker has written `files`, and recorded them.
  private func areThere(_ files: [(name: String, text: String)]) throws -> Bool {
    let areSame = try files.allSatisfy { file in
      try FilePaths.readIfThere(folder.file(file.name)) == Array(file.text.utf8)
    }
    return areSame && (try? StudyRecord.read(folder))?.outputs == Self.outputs(files)
  }

  /// What `body` returns; where the study's folder was moved meanwhile, that is said in place of the file that is
  /// missing.
  private func inPlace<Value>(_ worker: StudyWorker, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if FilePaths.isFolder(worker.path) { throw error }
      if case RunFailure.interrupted = error { throw error }
      throw RunFailure.missing(
        path: worker.path,
        what:
          "the study was begun anew, or its folder was moved or removed, while this worker was at work; what "
          + "it has measured is in the old folder, NAME.old-1 where --fresh has moved it. Start the worker again"
      )
    }
  }

  /// Makes sure that no worker computes another state of the study's file.
  ///
  /// - Throws: `RunFailure.invalid`.
  private func refuseOtherStudy() throws {
    // One that begins with this state is about to write it into the record.
    let look = SteadyLook(
      isAtWork: { !folder.aliveWorkers.isEmpty }, files: { [folder.record] },
      pause: { usleep(200_000 << useconds_t($0 - 1)) })
    guard let worker = look.value(isSettled: { $0 == nil }, { workerOfOtherStudy }) else { return }
    throw RunFailure.invalid(
      "\(path): worker \(worker) computes another state of this study; wait until the workers have ended, "
        + "or end them, and start all anew")
  }

  /// A worker that is alive where another state of the study's file is recorded; nil for none.
  private var workerOfOtherStudy: String? {
    guard let other = try? StudyRecord.read(folder), other.studyDigest != Digest.sha256(bytes)
    else { return nil }
    return folder.aliveWorkers.first
  }
}
