import Programs
import Storage

/// Brings one file whose bytes are known from the first of several mirrors that has it.
///
/// The file is there wholly and rightly or not at all. What has come so far lies beside it, under its name
/// with `.part`, from where the next mirror, or the next try, goes on. What is not the file is thrown
/// away: once anew from the same mirror, since its beginning may be another's, then from the next.
package struct Download {
  /// How one piece of a transfer ended.
  private enum Piece {
    /// All bytes are there, right or not.
    case whole
    /// More came, and more is to come.
    case more
    /// The mirror gives nothing, or nothing more; why.
    case failed(String)
  }

  private let file: PinnedFile
  private let mirrors: [String]
  private let folder: String
  private let environment: [String: String]
  private let isInterrupted: () -> Bool

  /// What names of unfinished files end in.
  package static let partialSuffix = ".part"
  /// curl is asked for this long at a time, so that somebody who asks to stop does not wait longer.
  private static let slice = 15

  /// - Parameters:
  ///   - mirrors: addresses of folders, in the order in which they are asked.
  ///   - folder: where the file is to lie; it exists.
  ///   - environment: curl's.
  ///   - isInterrupted: whether somebody asked to stop.
  package init(
    _ file: PinnedFile, from mirrors: [String], to folder: String, environment: [String: String],
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.file = file
    self.mirrors = mirrors
    self.folder = folder
    self.environment = environment
    self.isInterrupted = isInterrupted
  }

  private var path: String { folder + "/" + file.name }
  private var partial: String { path + Self.partialSuffix }

  /// Brings the file where it is not there.
  ///
  /// - Returns: whether it had to be brought.
  /// - Throws: `DownloadError`.
  package func run() throws(DownloadError) -> Bool {
    if FilePaths.isTaken(path) {
      guard try isRight(path) else { throw .taken(path: path) }
      return false
    }
    var reasons: [String] = []
    for mirror in mirrors {
      guard let reason = try bring(from: mirror) else { return true }
      reasons.append("\(mirror) \(reason)")
    }
    throw .unavailable(
      name: file.name, reasons: reasons, isBegun: FilePaths.size(of: partial) ?? 0 > 0)
  }

  /// - Returns: why not; nil where the file is there now.
  private func bring(from mirror: String) throws(DownloadError) -> String? {
    var isFresh = FilePaths.size(of: partial) ?? 0 == 0
    while true {
      if FilePaths.size(of: partial) ?? 0 < file.bytes {
        if isInterrupted() { throw .interrupted(partial: partial) }
        switch try piece(from: mirror) {
        case .whole: break
        case .more: continue
        case .failed(let reason):
          // A mirror that cannot go on from the middle may still give all.
          if isFresh || FilePaths.size(of: partial) ?? 0 == 0 { return reason }
          isFresh = true
          try stored { () throws(StoreError) in try DurableFile.remove(partial) }
          continue
        }
      }
      let content = try stored { () throws(StoreError) in
        FilePaths.size(of: partial) == file.bytes
          ? try FilePaths.read(partial, limit: file.bytes) : []
      }
      if Digest.sha256(content) == file.sha256 {
        try stored { () throws(StoreError) in
          try DurableFile.write(content, to: path)
          try DurableFile.remove(partial)
        }
        return nil
      }
      try stored { () throws(StoreError) in try DurableFile.remove(partial) }
      if isFresh { return "gave another file, with another size or SHA-256" }
      isFresh = true
    }
  }

  /// Asks `mirror` for what is missing, for a while.
  private func piece(from mirror: String) throws(DownloadError) -> Piece {
    let before = FilePaths.size(of: partial) ?? 0
    let address = mirror.hasSuffix("/") ? mirror + file.name : mirror + "/" + file.name
    var settings: [Curl.Setting] = [
      .value("url", address), .value("output", partial), .flag("location"),
      .value("proto", "=http,https"), .value("proto-redir", "=http,https"),
      .value("max-redirs", "5"), .value("connect-timeout", "\(Self.slice)"),
      .value("max-time", "\(Self.slice)"), .value("max-filesize", "\(file.bytes)"),
      .flag("fail"), .flag("silent"), .flag("show-error"),
    ]
    if before > 0 { settings.append(.value("continue-at", "\(before)")) }
    let outcome: ProgramOutcome
    do throws(ProgramError) {
      outcome = try Curl.program(
        settings, largest: file.bytes, environment: environment, limit: .seconds(Self.slice + 5)
      ).run()
    } catch {
      throw .noCurl("\(error)")
    }
    let after = FilePaths.size(of: partial) ?? 0
    if after >= file.bytes { return .whole }
    if outcome.ranOutOfTime { return .failed("did not answer in time") }
    switch outcome.ending {
    case .exited(0): return after > before ? .more : .failed("gave too short a file")
    // Its time was up.
    case .exited(28) where after > before: return .more
    case .exited(126), .exited(127): throw .noCurl("curl cannot be started")
    case .exited(let code): return .failed(reason(code: code, outcome))
    case .signaled(let signal): return .failed("was not asked: curl ended by signal \(signal)")
    }
  }

  private func reason(code: Int32, _ outcome: ProgramOutcome) -> String {
    let said = outcome.errorText.split(separator: "\n").last.map { " (\($0))" } ?? ""
    return "gave nothing: curl ended with exit code \(code)\(said)"
  }

  /// Whether the file at `path` is the one.
  private func isRight(_ path: String) throws(DownloadError) -> Bool {
    guard FilePaths.size(of: path) == file.bytes else { return false }
    return try stored { () throws(StoreError) in
      try Digest.sha256(fileAt: path) == file.sha256
    }
  }

  private func stored<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(DownloadError) -> Result {
    do throws(StoreError) { return try body() } catch { throw .store(error) }
  }
}
