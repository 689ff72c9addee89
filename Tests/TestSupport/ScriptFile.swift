import Foundation

/// A program of a test, as a shell reads it.
package enum ScriptFile {
  /// Makes `path` a program with the content `text`.
  ///
  /// Another program writes it: one that this process has open for writing while another test starts
  /// something cannot be run until that has begun ("text file busy").
  package static func write(_ text: String, to path: String) throws {
    let source = path + ".text"
    try text.write(toFile: source, atomically: false, encoding: .utf8)
    let copy = try ChildProcess(["install", "-m", "755", "--", source, path])
    while copy.isRunning { usleep(1_000) }
    try FileManager.default.removeItem(atPath: source)
  }
}
