import Glibc
import Storage

/// A schedule with the file it was read from.
package struct ScheduleFile: Sendable {
  package let schedule: Schedule
  /// The file's content, without overrides.
  package let bytes: [UInt8]

  /// Reads and checks the schedule at `path`.
  ///
  /// - Parameters:
  ///   - overrides: `key.path=value` in place of what the file says, in order.
  ///   - environment: the values of environment variables, nil for those that are not set.
  /// - Throws: `ScheduleError`.
  package init(
    path: String, overrides: [String] = [], environment: @escaping (String) -> String?
  ) throws(ScheduleError) {
    bytes = try Self.bytes(of: path)
    schedule = try Schedule(bytes, file: path, overrides: overrides, environment: environment)
  }

  /// The content of the schedule, or the study, at `path`, which is at most `Schedule.maximumBytes`.
  ///
  /// - Throws: `ScheduleError`.
  package static func bytes(of path: String) throws(ScheduleError) -> [UInt8] {
    do {
      return try FilePaths.read(path, limit: Schedule.maximumBytes)
    } catch let error where error.code == EFBIG {
      let problem = ScheduleProblem(.start, .tooLarge(limit: Schedule.maximumBytes))
      throw .invalid(file: path, problems: [problem])
    } catch {
      throw .unreadable(error)
    }
  }
}
