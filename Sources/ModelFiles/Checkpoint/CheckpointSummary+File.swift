import Glibc
import Storage

extension CheckpointSummary {
  /// Reads header and description of the file at `path`, and no more of it.
  /// - Throws: `CheckpointError`; `unreadable` names the file.
  package init(path: String, digest: ContentDigest) throws(CheckpointError) {
    try self.init(try Self.open(path), digest)
  }

  /// The same with the names of the classes, empty where the file has none: both from one file, whatever
  /// takes its place meanwhile.
  /// - Throws: `CheckpointError`; `unreadable` names the file.
  package static func withClasses(
    path: String, digest: ContentDigest
  ) throws(CheckpointError) -> (summary: CheckpointSummary, classes: [String]) {
    let file = try open(path)
    let summary = try CheckpointSummary(file, digest)
    return (summary, try summary.classes(in: file, digest))
  }

  private static func open(_ path: String) throws(CheckpointError) -> OpenFile {
    do throws(StoreError) { return try OpenFile(path) } catch { throw failure(error) }
  }

  private init(_ file: OpenFile, _ digest: ContentDigest) throws(CheckpointError) {
    let first = try Self.start(of: file, count: SafetensorsHeader.lengthBytes)
    let needed: Int
    do throws(SafetensorsError) {
      needed = try SafetensorsHeader.bytesNeeded(firstBytes: first, fileSize: file.size)
    } catch {
      throw .container(error)
    }
    let header = try Self.start(of: file, count: needed)
    let start = try Self.start(
      of: file, count: Self.bytesNeeded(fileStart: header, fileSize: file.size))
    try self.init(fileStart: start, fileSize: file.size, digest: digest)
  }

  private func classes(
    in file: OpenFile, _ digest: ContentDigest
  ) throws(CheckpointError) -> [String] {
    guard let index = entries.firstIndex(where: { $0.form.name == "classes" }) else { return [] }
    let entry = entries[index]
    guard entry.decodedBytes <= CheckpointDecoder.largestJSON else {
      throw .tooLarge(bytes: entry.decodedBytes, limit: CheckpointDecoder.largestJSON)
    }
    // Entries lie back to back up to the end of the file.
    let start = fileBytes - entries[index...].reduce(0) { $0 + $1.storedBytes }
    let frame: [UInt8]
    do throws(StoreError) {
      frame = try file.bytes(start..<(start + entry.storedBytes))
    } catch {
      throw Self.failure(error)
    }
    let content: [UInt8]
    do throws(CompressionError) {
      content = try Zstd.decompressFrame(frame.span, size: entry.decodedBytes)
    } catch {
      throw .frame(entry: entry.form.name, error)
    }
    guard CheckpointEntry.shortDigest(digest(content)) == entry.digest else {
      throw .contentChanged(entry: entry.form.name)
    }
    return try CheckpointDecoder.classes(in: content)
  }

  /// The first `count` bytes; fewer where the file has no more.
  private static func start(of file: OpenFile, count: Int) throws(CheckpointError) -> [UInt8] {
    do throws(StoreError) {
      return try file.bytes(0..<min(count, file.size))
    } catch {
      throw failure(error)
    }
  }

  private static func failure(_ error: StoreError) -> CheckpointError {
    let isOther = error.code == EISDIR || error.code == EINVAL
    return .unreadable(path: error.path, reason: isOther ? "no regular file" : error.reason)
  }
}
