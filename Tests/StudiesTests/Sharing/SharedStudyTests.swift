import Foundation
import NumericCore
import RunFixtures
import Runs
import Storage
import Studies
import Synchronization
import Testing

@Suite("A study that workers share") struct SharedStudyTests {
  private func share(_ options: inout StudySession.Options) { options.lease = .seconds(60) }

  @Test("gives the numbers of one process, each cell measured once, whoever measures it")
  func sameBits() throws {
    let whole = try StudyFixture().run().outcome
    let fixture = try StudyFixture()
    let measured = Atomic(0)
    let tables = Mutex<[[StudyTable.Row]]>([])
    try ParallelTasks(threads: 3).run(3) { _, _, _ in
      let outcome = try fixture.run(threads: 2, stopAfter: .max, share).outcome
      measured.add(outcome.measured, ordering: .relaxed)
      tables.withLock { $0.append(outcome.table.untimed) }
    }
    #expect(tables.withLock { $0 } == Array(repeating: whole.table.untimed, count: 3))
    #expect(measured.load(ordering: .relaxed) == 18)
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    #expect(FilePaths.entries(of: folder.claims).isEmpty)
    let report = try StudyVerification(folder: folder).report()
    #expect(report.sound == 18 && report.outputs == 2 && report.findings.isEmpty)
    // A process that has it alone goes on from there, and has nothing to do.
    let rest = try fixture.run().outcome
    #expect(rest.measured == 0 && rest.table.untimed == whole.table.untimed)
  }

  @Test("a worker goes on where one process, or another worker, was interrupted")
  func goesOn() throws {
    let whole = try StudyFixture().run().outcome
    let fixture = try StudyFixture()
    for (cells, isShared) in [(3, false), (4, true)] {
      #expect(throws: RunFailure.self) {
        try fixture.run(threads: 1, stopAfter: cells) { if isShared { share(&$0) } }
      }
    }
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    let status = try StudyStatus(of: folder)
    #expect(status.count(.done) >= 7 && status.count(.done) < 18 && !status.isRunning)
    let rest = try fixture.run(threads: 1, stopAfter: .max, share).outcome
    #expect(rest.measured == 18 - status.count(.done) && rest.table.untimed == whole.table.untimed)
  }

  @Test(
    "a claim of a worker that was killed behind its last result goes with the table, by a worker or by one process",
    arguments: [true, false])
  func claimOfTheDead(isShared: Bool) throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    try FilePaths.makeFolders(folder.claims)
    try DurableFile.write(Array("host-1-a\n".utf8), to: folder.claims + "/cells-of-the-dead")
    let outcome = try fixture.run(threads: 1, stopAfter: .max) { if isShared { share(&$0) } }
      .outcome
    #expect(outcome.measured == 0)
    #expect(FilePaths.entries(of: folder.claims).isEmpty)
  }

  @Test("one process takes the claims of workers that were killed away, and leaves those of others")
  func claimsBesideWorkers() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    let worker = try StudyWorker(in: folder)
    try DurableFile.write(Array("0\n".utf8), to: worker.heartbeat)
    try FilePaths.makeFolders(folder.claims)
    for (piece, holder) in [("a", "host-1-a"), ("b", worker.name), ("c", ""), ("d", "host-2-b")] {
      try DurableFile.write(Array((holder + "\n").utf8), to: folder.claims + "/" + piece)
    }
    _ = try fixture.run()
    #expect(FilePaths.entries(of: folder.claims) == ["b"])
    worker.leave()
    _ = try fixture.run()
    #expect(FilePaths.entries(of: folder.claims).isEmpty)
  }

  @Test(
    "a worker puts the record right that another one has written late, of a table that is another by now"
  )
  func staleRecord() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    let (table, page) = (try FilePaths.read(folder.results), try FilePaths.read(folder.report))
    try fixture.write(StudyFixture.text.replacing("[0.4, 0.8]", with: "[0.4]"))
    _ = try fixture.run(threads: 1, stopAfter: .max, share)
    // Another worker has written these, and then its record a third one.
    try DurableFile.write(table, to: folder.results)
    try DurableFile.write(page, to: folder.report)
    #expect(try StudyVerification(folder: folder).report().findings.count == 2)
    try fixture.write(StudyFixture.text)
    _ = try fixture.run(threads: 1, stopAfter: .max, share)
    #expect(try FilePaths.read(folder.results) == table)
    #expect(try StudyVerification(folder: folder).report().findings.isEmpty)
  }

  @Test("a worker waits for the record that another one of the same state is about to write")
  func recordOfOther() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    let before = try FilePaths.read(folder.record)
    try fixture.write(StudyFixture.text.replacing("[0.4, 0.8]", with: "[0.4]"))
    _ = try fixture.run()
    let after = try FilePaths.read(folder.record)
    try DurableFile.write(before, to: folder.record)
    let worker = try StudyWorker(in: folder)
    try DurableFile.write(Array("0\n".utf8), to: worker.heartbeat)
    // It stays the record of another state.
    #expect(throws: RunFailure.self) { try fixture.run(threads: 1, stopAfter: .max, share) }
    Thread.detachNewThread {
      usleep(50_000)
      try? DurableFile.write(after, to: folder.record)
    }
    #expect(try fixture.run(threads: 1, stopAfter: .max, share).outcome.measured == 0)
    worker.leave()
  }

  @Test("a worker does not begin where a process has the study alone")
  func alone() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let lock = try FileLock(path: fixture.folder.file("runs/small.lock"), startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    #expect(throws: LockHeld.self) { try fixture.run(threads: 1, stopAfter: .max, share) }
  }

  @Test("--fresh does not take the folder away from a worker that shows signs of life")
  func fresh() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    let worker = try StudyWorker(in: folder)
    try DurableFile.write(Array("0\n".utf8), to: worker.heartbeat)
    #expect {
      try fixture.run(threads: 1, stopAfter: .max) { $0.fresh = true }
    } throws: { error in
      guard case RunFailure.invalid(let text) = error else { return false }
      return text.contains(worker.name)
    }
    // Without --fresh the same cells may be measured twice, which is told.
    let warnings = try fixture.run().warnings
    #expect(
      warnings.contains { $0.contains("worker \(worker.name) is measuring this study, so cells") })
    worker.leave()
    #expect(try fixture.run(threads: 1, stopAfter: .max) { $0.fresh = true }.outcome.measured == 18)
  }

  @Test(
    "a folder in the place of a worker's results is left out with a warning, and verify finds it")
  func misplaced() throws {
    let fixture = try StudyFixture()
    let whole = try fixture.run().outcome
    let path = fixture.folder.file("runs/small/workers/other/cells.jsonl")
    try FilePaths.makeFolders(path)
    let run = try fixture.run(threads: 1, stopAfter: .max, share)
    #expect(run.outcome.measured == 0 && run.outcome.table == whole.table)
    #expect(run.warnings.contains { $0.hasPrefix("\(path): it is a folder") })
    let folder = StudyFolder(checkpoints: fixture.folder.file("runs"), name: "small")
    #expect(try StudyVerification(folder: folder).report().findings.map(\.file) == [path])
  }

  @Test("names in the lines for Slurm have nothing that sbatch reads more into")
  func scriptName() {
    let script = SlurmArray(
      program: "/bin/ecpipe", study: "s.yaml", name: "a #b'\"%A é", workers: 1,
      checkpoints: "/runs", isQuick: false,
      lease: nil)
    let lines = script.text.split(separator: "\n").map(String.init)
    #expect(lines[1] == "#SBATCH --job-name=a__b___A__")
    #expect(lines.contains("#SBATCH --output=a__b___A__-%A_%a.log"))
  }

  @Test("the script for Slurm starts workers by the study's path, in quotes where it needs them")
  func script() {
    let script = SlurmArray(
      program: "/opt/ecpipe", study: "/my studies/s.yaml", name: "small", workers: 12,
      checkpoints: "/scratch/runs", isQuick: true, threads: 4, lease: 30)
    let lines = script.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "#!/bin/bash")
    #expect(lines[2] == "#SBATCH --array=1-12")
    #expect(lines.count { $0 == "#SBATCH --signal=B:TERM@120" } == 1)
    #expect(lines.contains("#SBATCH --cpus-per-task=4"))
    #expect(
      lines.last
        == "exec /opt/ecpipe compare '/my studies/s.yaml' --worker --quick --lease 30 --checkpoints "
        + "/scratch/runs --threads \"${SLURM_CPUS_PER_TASK:-4}\" --quiet")
  }
}
