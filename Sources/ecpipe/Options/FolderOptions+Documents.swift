import Runs
import Storage
import Studies

extension FolderOptions {
  /// Makes sure that `path` can be the file of a schedule or a study: that it is not the name of what was made
  /// from one, nor a file of data, nor one that there is not where another is near.
  ///
  /// - Throws: `RunFailure.commandLine`, `.missing`.
  func demandDocument(_ path: String) throws {
    if DataFileNames.isData(path), !FilePaths.isFolder(path) {
      throw RunFailure.commandLine(
        "\(path): this is a file of data, and a schedule is wanted; ecpipe init --csv "
          + "\(ShellWord.quoted(path)) writes one for a table")
    }
    if NamedFile(path).isStream || FilePaths.exists(path) && !FilePaths.isFolder(path) { return }
    try refuseName(path)
    // A link that leads nowhere is there, and is told of where it is read.
    guard !FilePaths.isTaken(path) else { return }
    let files = FilePaths.siblings(of: path).filter { Self.isDocument($0) }
    let whole = Self.endings.map { path + $0 }.first(where: files.contains)
    guard let meant = whole ?? nearestWord(to: path, among: files) else { return }
    throw RunFailure.missing(path: path, what: "did you mean \(ShellWord.quoted(meant))?")
  }

  private static let endings = [".yaml", ".yml"]

  private static func isDocument(_ name: String) -> Bool { endings.contains { name.hasSuffix($0) } }

  /// Tells the name of a run or a study from a file that is not there.
  private func refuseName(_ name: String) throws {
    let (kind, path, command): (FolderKind, String, String)
    if let folder = locator.study(name) {
      (kind, path, command) = (.study, try StudyRecord.demand(folder).path, "ecpipe compare")
    } else if let folder = try? locator.run(name) {
      (kind, path) = (.run, try RecordedRun(folder: folder).manifest.schedulePath)
      command = "ecpipe run"
    } else {
      return
    }
    let word = ShellWord.quoted(path)
    throw RunFailure.commandLine(
      "\(name): this is the name of a \(kind.rawValue), and a file is wanted; it was made from \(word); go on "
        + "with: \(command) \(word)")
  }
}
