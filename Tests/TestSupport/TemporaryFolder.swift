import Foundation

/// A folder of one test, removed with it.
package final class TemporaryFolder: Sendable {
  /// From the root.
  package let path: String

  /// A new folder with a name of its own.
  package init() throws {
    // In memory where there is such a place: thousands of small files are synced.
    let memory = "/dev/shm"
    let parent =
      access(memory, W_OK) == 0
      ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
    let url = parent.appendingPathComponent("ecpipe-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of the file called `name` in it.
  package func file(_ name: String) -> String { path + "/" + name }

  /// Writes `text` to the file called `name`.
  package func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  /// Writes `bytes` to the file called `name`.
  package func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  /// The content of the file called `name`.
  package func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// The same as text.
  package func text(_ name: String) throws -> String {
    String(decoding: try read(name), as: UTF8.self)
  }
}
