import Cron
import Datasets
import Downloads
import Glibc
import ModelFiles
import Nightly
import Programs
import Runs
import Schedules
import Storage

/// The exit code that the documentation gives for `error`.
package func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let failure as RunFailure: failure.exitCode
  case is LockHeld, is LockLost: 10
  case let failure as NightFailure: failure.exitCode
  case let error as ScheduleError: error.isMissingFile ? 66 : 65
  case let error as DatasetError: error.isMissingFile ? 66 : error.isOfWriting ? 1 : 65
  case let error as StoreError: error.isMissing ? 66 : 1
  case is CheckpointError, is ManifestError, is VerificationFailure: 11
  case let error as CronError: error.exitCode
  case let error as DownloadError: error.exitCode
  case let error as ProgramError: error.isMissing ? 66 : 1
  default: 1
  }
}

/// The text for standard error: what is wrong, where, and what to do.
package func message(of error: any Error) -> String {
  // Several problems of a schedule stand below one another, each with its place.
  if let error = error as? ScheduleError, error.problems.count > 1 {
    return "the schedule has \(error.problems.count) problems:\n\(error)"
  }
  if let error = error as? StoreError { return "\(error)\(error.remedy)" }
  if case ScheduleError.unreadable(let error) = error, !error.isMissing {
    return "\(error)\(error.remedy)"
  }
  return "\(error)"
}

extension StoreError {
  /// What to do about a refusal of the system, to follow what it refused.
  fileprivate var remedy: String {
    switch code {
    case EACCES, EPERM: "; check the permissions of the file and its folder"
    case EROFS: "; choose a folder on another file system"
    case ENOENT, ENOTDIR: "; check that the folder exists"
    case EISDIR: "; name a file"
    case EINVAL where operation == "read": "; name a regular file"
    case EFBIG where operation == "write": "; raise the limit on the size of files (ulimit -f)"
    case EMFILE, ENFILE: "; raise the limit on open files (ulimit -n)"
    case ENAMETOOLONG: "; choose a shorter name"
    default: ""
    }
  }
}

/// Ends the process with `error`'s message on standard error and its exit code; on a terminal with the lines of
/// files that it is about, and a caret below what is wrong.
func fail(_ error: any Error) -> Never {
  let code = exitCode(of: error)
  if Ranks.leavesToFirst(code) { exit(code) }
  let text = "ecpipe: \(Ranks.ownName)\(message(of: error))"
  if Output.isTerminalForErrors, !Output.isAccessible, let width = Output.widthForErrors {
    let style = Style(usesColour: Output.usesColourForErrors)
    Output.error(ErrorSpots(of: error).placed(in: text, width: width, style))
  } else {
    Output.error(text)
  }
  exit(code)
}
