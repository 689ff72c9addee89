import Glibc

/// What a person names to be read or written, which may be something else than a file of its own: `-`
/// for a standard stream, a link, a pipe, a device.
package struct NamedFile: Sendable, Equatable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Whether it stands for a standard stream.
  private var isDash: Bool { path == "-" }

  /// What is there, at the end of all links; nil for nothing.
  private var status: stat? {
    var status = stat()
    return (isDash ? fstat(0, &status) : stat(path, &status)) == 0 ? status : nil
  }

  /// Whether it is a pipe or a device, or a standard stream: what keeps nothing, and gives what it has
  /// only once. The file that standard output goes to is one, too: it is written on, not anew.
  package var isStream: Bool {
    if isStandardOutput || descriptor != nil { return true }
    guard let kind = status.map({ $0.st_mode & S_IFMT }) else { return false }
    return kind != S_IFREG && kind != S_IFDIR
  }

  /// The open file that the path stands for, as /dev/fd/3 does: it is written on, not anew.
  private var descriptor: Int32? {
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// Whether what is written there goes to this process's standard output.
  package var isStandardOutput: Bool {
    if isDash { return true }
    var own = stat()
    guard let status, fstat(1, &own) == 0 else { return false }
    return status.st_ino == own.st_ino && status.st_dev == own.st_dev
  }

  /// The folder that names inside a file are relative to; of a stream, the current one.
  package var folder: String { isStream ? "." : FilePaths.folder(of: path) }

  /// The file itself, at the end of all links, also where it does not exist yet.
  ///
  /// - Throws: `StoreError` for links that lead to themselves.
  package func destination() throws(StoreError) -> String {
    var place = path
    for _ in 0..<40 {
      guard let target = FilePaths.linkTarget(place) else { return place }
      place = FilePaths.resolve(target, in: FilePaths.folder(of: place))
    }
    throw StoreError(operation: "open", path: path, code: ELOOP)
  }

  /// Writes `bytes`: into a stream as it is; else as the whole content of the file at the end of all
  /// links, which keeps its mode and, where that is allowed, its owner.
  ///
  /// - Throws: `StoreError`.
  package func write(_ bytes: [UInt8]) throws(StoreError) {
    if isStandardOutput {
      return try DurableFile.writeAll(bytes, to: 1, path: "standard output", keeps: false)
    }
    if let descriptor {
      return try DurableFile.writeAll(bytes, to: descriptor, path: path, keeps: false)
    }
    guard isStream else {
      return try DurableFile.write(bytes, to: destination(), like: status)
    }
    let descriptor = try StoreError.check("open", path) {
      open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    }
    defer { close(descriptor) }
    try DurableFile.writeAll(bytes, to: descriptor, path: path, keeps: false)
  }

  /// Writes `files`, which belong together, as `write` does: where there are several, either all of them
  /// are written or, for want of space or permission, none. They are no streams then.
  ///
  /// - Throws: `StoreError`.
  package static func write(all files: [(path: String, bytes: [UInt8])]) throws(StoreError) {
    if files.isEmpty { return }
    if files.count == 1 { return try NamedFile(files[0].path).write(files[0].bytes) }
    var all: [(path: String, bytes: [UInt8], former: stat?)] = []
    for file in files {
      let named = NamedFile(file.path)
      all.append((try named.destination(), file.bytes, named.status))
    }
    try DurableFile.write(all: all)
  }

  /// All that a pipe gives until its end, or a regular file holds; at most `limit` bytes.
  ///
  /// - Throws: `StoreError`: `EFBIG` above the limit, `EINVAL` for a device.
  package func read(limit: Int = MemoryAllowance.perFile) throws(StoreError) -> [UInt8] {
    let kind = status.map { $0.st_mode & S_IFMT }
    guard kind == S_IFIFO || kind == S_IFSOCK || isDash else {
      return try FilePaths.read(path, limit: limit)
    }
    let descriptor =
      isDash ? 0 : try StoreError.check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { if !isDash { close(descriptor) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw StoreError(operation: "read", path: path, code: errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      if bytes.count > limit {
        throw StoreError(operation: "read", path: path, code: EFBIG, needed: bytes.count)
      }
    }
  }
}
