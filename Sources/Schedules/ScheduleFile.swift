import Glibc
import Storage

/// A schedule with the file it was read from.
package struct ScheduleFile<Stage: StageSettings>: Sendable {
  package let schedule: Schedule<Stage>
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
    bytes = try SourceText.bytes(of: path)
    schedule = try Schedule(bytes, file: path, overrides: overrides, environment: environment)
  }
}
