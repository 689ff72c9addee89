import Storage

/// The run, study or nightly job in whose folder a file lies. Such a folder has its own files only: what somebody
/// else writes there may take the place of a result, or of a network in service.
package struct FolderOwner: Sendable, Equatable {
  /// How deep the files of a folder lie, at most: `exports` of a night are in the folder of the night, which is in
  /// that of its job.
  private static let depth = 3

  package let kind: FolderKind
  /// The folder, from the root with all links followed.
  package let path: String

  /// The nearest one that `file` lies in, by whatever name it is called; nil where it lies in none. The file itself
  /// need not be there.
  package init?(ofFile file: String) {
    var folder = FilePaths.folder(of: FilePaths.real(file))
    for _ in 0..<Self.depth {
      let here = folder
      if let kind = FolderKind.allCases.first(where: { kind in
        kind.marks.allSatisfy { FilePaths.exists(here + "/" + $0) }
      }) {
        (self.kind, path) = (kind, here)
        return
      }
      folder = FilePaths.folder(of: folder)
    }
    return nil
  }

  init(of kind: FolderKind, at path: String) { (self.kind, self.path) = (kind, path) }

  /// What is wrong with a file that lies here, as a clause.
  package var refusal: String {
    "lies in the folder of a \(kind.rawValue), which has its own files only; name a file elsewhere"
  }

  /// Whether `file` is one of the exports of a night, and `model` the network of that night: only that may be written
  /// there, which puts a damaged export right.
  package func takes(_ file: String, exportedFrom model: String) -> Bool {
    let run = RunFolder(path: path)
    return kind == .run && NightlyFolder(path: FilePaths.folder(of: path)).isThere
      && FilePaths.folder(of: FilePaths.real(file)) == run.exports
      && FilePaths.exists(run.result) && FilePaths.real(model) == FilePaths.real(run.result)
  }
}
