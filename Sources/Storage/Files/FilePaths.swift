import Glibc

/// Plain path arithmetic and questions to the file system.
package enum FilePaths {
  /// The folder part of `path`; "." when it has none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The part of `path` behind its last slash.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// `path` itself when absolute, else under `folder`.
  package static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") { return path }
    return folder == "." ? path : folder + "/" + path
  }

  /// `path` from the root, without following links.
  package static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return String(cString: current) + "/" + path
  }

  /// `path` from the root with all links followed, as far as there is something; two paths of one file
  /// that is still to be made give the same.
  package static func real(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let path = absolute(path)
    let (parent, name) = (Self.folder(of: path), Self.name(of: path))
    if parent == path { return path }
    let folder = real(parent)
    switch name {
    case "", ".": return folder
    case "..": return Self.folder(of: folder)
    default: return folder == "/" ? "/" + name : folder + "/" + name
    }
  }

  /// Whether a file can be made at `path`, with the folders that it lies in.
  package static func canBeMade(_ path: String) -> Bool {
    if isTaken(path) { return access(path, W_OK) == 0 }
    var folder = Self.folder(of: path)
    while !isTaken(folder), folder != "/", folder != "." { folder = Self.folder(of: folder) }
    return isFolder(folder) && access(folder, W_OK | X_OK) == 0
  }

  /// What is no folder and stands in the place of the folder `path`, or of one on the way to it, from the root;
  /// nil for nothing.
  package static func obstacle(toFolder path: String) -> String? {
    var place = absolute(path)
    while !isFolder(place), place != "/" {
      if isTaken(place) { return place }
      place = folder(of: place)
    }
    return nil
  }

  /// Whether there is something at `path`, at the end of all links.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether the name `path` is in use, be it by a link that leads nowhere.
  package static func isTaken(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Where the symbolic link at `path` leads, as it is written there; nil when it is none.
  package static func linkTarget(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &bytes, bytes.count - 1)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Bytes of the regular file at `path`; nil when there is none. Links are not followed.
  package static func size(of path: String) -> Int? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The bytes that removing the file at `path` makes free: none where it has other names.
  package static func bytesFreed(byRemoving path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
      return 0
    }
    return Int(status.st_size)
  }

  /// Whether the file at `path` has other names, which lead to the same bytes. Links are not followed.
  package static func hasOtherNames(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink > 1
  }

  /// Makes `path` and the folders on the way to it.
  package static func makeFolders(_ path: String) throws(StoreError) {
    if isFolder(path) { return }
    let parent = folder(of: path)
    if parent != path { try makeFolders(parent) }
    if mkdir(path, 0o755) != 0 {
      let code = errno
      if code != EEXIST || !isFolder(path) {
        throw StoreError(operation: "create the folder", path: path, code: code)
      }
    }
    try DurableFile.syncFolder(of: path)
  }

  /// What lies in the folder of `path`, each written as `path` is.
  package static func siblings(of path: String) -> [String] {
    let start = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return entries(of: start.isEmpty ? "." : start).map { start + $0 }
  }

  /// Names in the folder `path`, sorted; empty when it cannot be read.
  package static func entries(of path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The whole content of a regular file of at most `limit` bytes; nil when there is none.
  package static func readIfThere(
    _ path: String, limit: Int = MemoryAllowance.perFile
  ) throws(StoreError) -> [UInt8]? {
    do {
      return try read(path, limit: limit)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// The whole content of a regular file of at most `limit` bytes.
  package static func read(
    _ path: String, limit: Int = MemoryAllowance.perFile
  ) throws(StoreError) -> [UInt8] {
    let file = try OpenFile(path, limit: limit)
    return try file.bytes(0..<file.size)
  }

  /// Calls `body` with the content of a regular file of at most `limit` bytes, piece by piece.
  package static func forEachPiece(
    of path: String, limit: Int = MemoryAllowance.perFile, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(StoreError) {
    let file = try OpenFile(path, limit: limit)
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(file.size, 1 << 20), alignment: 64)
    defer { piece.deallocate() }
    var position = 0
    while position < file.size {
      let wanted = UnsafeMutableRawBufferPointer(
        rebasing: piece[..<min(piece.count, file.size - position)])
      let count = try file.fill(wanted, from: position)
      body(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
      if count < wanted.count { return }
      position += count
    }
  }
}
