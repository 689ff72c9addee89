import Storage

/// What nights say: a line with its time, appended. Where it cannot be written the night goes on, and says
/// so once on standard error.
///
/// A class, because it remembers that it has failed.
final class NightLog {
  /// A log that is larger is moved to `FILE.1` before it is added to.
  static let largest = 4 << 20

  private let path: String
  private let hidden: (String) -> String
  private var hasBegun = false
  private var hasFailed = false

  /// - Parameter hidden: a text without what nobody may read.
  init(path: String, hidden: @escaping (String) -> String) {
    self.path = path
    self.hidden = hidden
  }

  /// Adds a line; one of several lines has its time once.
  func line(_ text: String) {
    if text.isEmpty { return }
    do {
      if !hasBegun { try begin() }
      hasBegun = true
      try DurableFile.append(
        Array("\(Timestamp.now) \(ShownText.of(hidden(text)))\n".utf8), to: path)
    } catch {
      if !hasFailed { Output.warning("the night is not logged: \(error)") }
      hasFailed = true
    }
  }

  private func begin() throws(StoreError) {
    try FilePaths.makeFolders(FilePaths.folder(of: path))
    if let size = FilePaths.size(of: path), size > Self.largest {
      try DurableFile.move(path, to: path + ".1")
    }
  }
}
