import Foundation
import Pipeline

/// A folder of one test, removed with it.
package final class TemporaryFolder {
  /// From the root.
  package let path: String

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

  package func file(_ name: String) -> String { path + "/" + name }

  package func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  package func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  package func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  package func text(_ name: String) throws -> String {
    String(decoding: try read(name), as: UTF8.self)
  }

  /// What a file is: content, inode and time of its last change.
  package struct State: Equatable {
    package let sha256: String
    package let inode: UInt64
    package let modified: Int
  }

  /// The states of all files below the folder `name`, by their paths in it; links are `-> target`.
  package func states(of name: String) throws -> [String: State] {
    var states: [String: State] = [:]
    let root = file(name)
    for entry in FileManager.default.subpaths(atPath: root) ?? [] {
      let path = root + "/" + entry
      if let target = FilePaths.linkTarget(path) {
        states[entry] = State(sha256: "-> " + target, inode: 0, modified: 0)
      } else if !FilePaths.isFolder(path) {
        var status = stat()
        guard stat(path, &status) == 0 else { continue }
        let nanoseconds = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
        states[entry] = State(
          sha256: Digest.sha256(try FilePaths.read(path)), inode: UInt64(status.st_ino),
          modified: nanoseconds)
      }
    }
    return states
  }
}
