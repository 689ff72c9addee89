import Foundation
import Storage
import TestSupport

extension TemporaryFolder {
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
      } else if let stamp = FileStamp(path: path), !FilePaths.isFolder(path) {
        states[entry] = State(
          sha256: Digest.sha256(try FilePaths.read(path)), inode: stamp.inode,
          modified: stamp.modified)
      }
    }
    return states
  }
}
