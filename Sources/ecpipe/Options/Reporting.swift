import ArgumentParser
import Formats
import Pipeline

/// Runs `body`; an error becomes one message on standard error and the documented exit code.
func reporting(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ExitCode {
    throw error
  } catch {
    Output.error("ecpipe: \(message(of: error))")
    throw ExitCode(exitCode(of: error))
  }
}

/// The exit code that the documentation gives for `error`.
func exitCode(of error: any Error) -> Int32 {
  switch error {
  case let failure as RunFailure: failure.exitCode
  case let error as ScheduleError: error.isMissingFile ? 66 : 65
  case let error as DatasetError: error.isMissingFile ? 66 : 65
  case let error as StoreError: error.isMissing ? 66 : 1
  case is CheckpointError: 11
  case is ManifestError: 11
  default: 1
  }
}

private func message(of error: any Error) -> String {
  // Several problems of a schedule stand below one another, each with its place.
  if let error = error as? ScheduleError {
    return error.problems.count == 1 ? "\(error)" : "the schedule has problems:\n\(error)"
  }
  return "\(error)"
}
