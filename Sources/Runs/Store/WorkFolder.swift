import Glibc
import Storage

/// What folders are filled with. Those of all kinds lie side by side, and nobody writes into one of
/// another kind.
package enum FolderKind: String, Sendable, CaseIterable {
  case run
  case study
  case nightly = "nightly job"

  /// The file by which such a folder is known.
  package var mark: String {
    switch self {
    case .run: "run.json"
    case .study: "study.yaml"
    case .nightly: "nightly.json"
    }
  }

  /// What a study's folder is to hold.
  package static let studyRecord = "study.json"

  /// The files that only such a folder has all of: where studies are written, they are often called study.yaml, too.
  var marks: [String] {
    switch self {
    case .run, .nightly: [mark]
    case .study: [mark, Self.studyRecord]
    }
  }

  /// What gives the folder its name.
  var source: String {
    switch self {
    case .run, .nightly: "schedule"
    case .study: "study"
    }
  }
}

/// The names of what lies in a folder of one kind.
package protocol FolderLayout: Sendable, Equatable {
  static var kind: FolderKind { get }
  /// The names that are taken unless somebody gives others.
  static var standard: Self { get }
}

/// A folder that one process at a time fills, with its lock beside it: that of a run, of a study, or of
/// whatever has a layout of its own.
package struct WorkFolder<Layout: FolderLayout>: Sendable, Equatable {
  /// The folder of all runs and studies, or of the generations of one.
  package let checkpoints: String
  package let name: String
  package let layout: Layout

  package init(checkpoints: String, name: String, layout: Layout = .standard) {
    self.checkpoints = checkpoints
    self.name = name
    self.layout = layout
  }

  /// The folder `path`; `.` and `..` are the folders that they stand for, because the lock has the
  /// folder's name.
  package init(path: String, layout: Layout = .standard) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if [".", ".."].contains(FilePaths.name(of: path)), let real = realpath(path, nil) {
      path = String(cString: real)
      free(real)
    }
    self.init(
      checkpoints: FilePaths.folder(of: path), name: FilePaths.name(of: path), layout: layout)
  }

  package var path: String { checkpoints + "/" + name }
  package var lock: String { checkpoints + "/" + name + ".lock" }

  /// Makes sure that the folder is not filled with something else; one with marks of several kinds is
  /// of the first.
  ///
  /// - Throws: `RunFailure.invalid`.
  package func refuseOtherKind() throws(RunFailure) {
    let kind = Layout.kind
    if let owner = FolderKind.allCases.first(where: { FilePaths.exists(file($0.mark)) }),
      owner != kind
    {
      let advice = owner == .nightly && kind == .run ? "add --nightly, or " : ""
      throw .invalid(
        "\(path): this is the folder of a \(owner.rawValue); \(advice)give the \(kind.source) another "
          + "name")
    }
  }

  /// The path of the file `name` in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  /// `wanted`, or with a number behind it when that is taken.
  package func unusedPath(_ wanted: String) -> String {
    var candidate = wanted
    var number = 1
    while FilePaths.isTaken(candidate) {
      number += 1
      candidate = "\(wanted)-\(number)"
    }
    return candidate
  }

  /// Removes files that a dead process left half-written.
  ///
  /// - Parameter part: the folder in this one in which they lie; nil for this one itself.
  package func removeHalfWritten(in part: String? = nil) throws(StoreError) {
    let place = part.map(file) ?? path
    for name in FilePaths.entries(of: place) where name.hasSuffix(DurableFile.partialSuffix) {
      let path = place + "/" + name
      if FilePaths.linkTarget(path) != nil || !FilePaths.isFolder(path) {
        try DurableFile.remove(path)
      }
    }
  }

  /// Moves what is in the folder aside.
  ///
  /// - Returns: where it is now; nil when there was nothing.
  package func moveAside() throws(StoreError) -> String? {
    guard FilePaths.isTaken(path) else { return nil }
    var number = 1
    while FilePaths.isTaken("\(path).old-\(number)") { number += 1 }
    try DurableFile.move(path, to: "\(path).old-\(number)")
    return "\(path).old-\(number)"
  }
}
