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
  ///   - copy: a copy of the file, which is read in its place; paths stay relative to the file's folder.
  ///   - overrides: `key.path=value` in place of what the file says, in order.
  ///   - start: the checkpoint that is begun with in place of what the file says; from the root.
  ///   - environment: the values of environment variables, nil for those that are not set.
  /// - Throws: `ScheduleError`.
  package init(
    path: String, copy: String? = nil, overrides: [String] = [], start: String? = nil,
    environment: @escaping (String) -> String?
  ) throws(ScheduleError) {
    bytes = try SourceText.bytes(of: copy ?? path)
    schedule = try Schedule(
      bytes, file: path, overrides: overrides, start: start, environment: environment)
  }
}
