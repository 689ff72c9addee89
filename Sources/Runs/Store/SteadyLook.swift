import Glibc
import Storage

/// What a verification looks for.
package protocol FindingReport {
  /// What is damaged.
  var findings: [VerificationFinding] { get set }
}

extension VerificationReport: FindingReport {}

/// Looks at files that other processes may be changing, as often as it takes to see what is so: between two reads of
/// one look such a process changes some of them, and for moments it leaves what would be damage without it.
package struct SteadyLook {
  /// The most looks. What a process at work leaves for a moment is over by the last.
  package static let most = 5

  private let isAtWork: () -> Bool
  private let files: () -> [String]
  private let pause: (Int) -> Void

  /// - Parameters:
  ///   - isAtWork: whether some process may change the files now.
  ///   - files: the paths of files, or folders, of which one is another whenever one of all that are looked at is.
  ///   - pause: waits behind the look with that number, from 1.
  package init(
    isAtWork: @escaping () -> Bool, files: @escaping () -> [String],
    pause: @escaping (Int) -> Void = { usleep(20_000 << useconds_t($0 - 1)) }
  ) {
    self.isAtWork = isAtWork
    self.files = files
    self.pause = pause
  }

  /// Looks at what lies in `folder`.
  package init<Layout>(at folder: WorkFolder<Layout>, _ names: [String] = []) {
    self.init(
      isAtWork: { FileLock.isHeld(path: folder.lock) },
      files: { [folder.path] + names.map(folder.file) })
  }

  /// Looks at the file `path`, and at what else the folder has that it lies in: that of a run, perhaps.
  package init(atFile path: String) { self.init(at: RunFolder(path: FilePaths.folder(of: path))) }

  /// What `look` returns or throws. It is called again where its value is not settled, or where it throws that something
  /// is damaged or missing, as long as a process is at work or has changed something meanwhile. The last look counts.
  ///
  /// - Parameter isSettled: whether a value can be no such moment's.
  package func value<Value, Failure: Error>(
    isSettled: (Value) -> Bool = { _ in true }, _ look: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try settled(isSettled, look).value
  }

  /// What `look` reports. Beside a process at work only what every look has found is a finding.
  package func report<Report: FindingReport, Failure: Error>(
    _ look: () throws(Failure) -> Report
  ) throws(Failure) -> Report {
    var found: [VerificationFinding]?
    var (report, isQuiet) = try settled({ $0.findings.isEmpty }) { () throws(Failure) -> Report in
      let report = try look()
      found = found.map { $0.filter(report.findings.contains) } ?? report.findings
      return report
    }
    if !isQuiet { report.findings = found ?? [] }
    return report
  }

  /// - Returns: the last look, and whether nothing could be changed meanwhile.
  private func settled<Value, Failure: Error>(
    _ isSettled: (Value) -> Bool, _ look: () throws(Failure) -> Value
  ) throws(Failure) -> (value: Value, isQuiet: Bool) {
    var number = 1
    while true {
      let before = stamps
      let wasAtWork = isAtWork()
      func nothingChanged() -> Bool { !wasAtWork && !isAtWork() && stamps == before }
      do throws(Failure) {
        let value = try look()
        if isSettled(value) { return (value, false) }
        let isQuiet = nothingChanged()
        if isQuiet || number == Self.most { return (value, isQuiet) }
      } catch {
        if number == Self.most || !Self.canBeOfMoment(error) || nothingChanged() { throw error }
      }
      pause(number)
      number += 1
    }
  }

  private var stamps: [FileStamp?] { files().map(FileStamp.init(path:)) }

  /// Whether `error` can be of what a process at work leaves for a moment.
  private static func canBeOfMoment(_ error: any Error) -> Bool {
    switch error {
    case RunFailure.damaged, RunFailure.missing: true
    case let error as StoreError: error.isMissing
    default: false
    }
  }
}
