import Glibc
import Storage

/// Checkpoints that a collection let go before the manifest could say so, because the disk was too full for that.
///
/// The file is renamed first and emptied then. As long as the mark is there, the stage that lists the file counts as
/// one whose checkpoint was let go: whatever happens, nothing that is listed is missing.
struct ReleaseMarks {
  private static let suffix = ".released"

  private let folder: RunFolder
  /// The files that had a mark when this was made, sorted.
  let files: [String]

  /// The marks that there are in `folder`.
  init(in folder: RunFolder) {
    self.folder = folder
    files = FilePaths.entries(of: folder.path).filter { $0.hasSuffix(Self.suffix) }
      .map { String($0.dropLast(Self.suffix.count)) }.sorted()
  }

  /// Makes the bytes of `file` in `folder` free, and leaves a mark.
  static func put(on file: String, in folder: RunFolder) throws(StoreError) {
    let mark = folder.file(file + suffix)
    try DurableFile.move(folder.file(file), to: mark)
    try DurableFile.empty(mark)
  }

  /// Makes the bytes of the marks free: a collection may have been killed before it did.
  func empty() throws(StoreError) {
    for file in files where !FilePaths.isTaken(folder.file(file)) {
      try DurableFile.empty(folder.file(file + Self.suffix))
    }
  }

  /// Takes the files that have a mark, and are gone, out of `manifest`.
  func apply(to manifest: inout Manifest) {
    let gone = Set(files.filter { !FilePaths.isTaken(folder.file($0)) })
    guard !gone.isEmpty else { return }
    for record in manifest.stages where record.file.map(gone.contains) == true {
      manifest.release(record.key)
    }
  }

  /// Removes the marks, once the manifest on disk does not list their files.
  func remove() throws(StoreError) {
    for file in files { try DurableFile.remove(folder.file(file + Self.suffix)) }
  }
}
