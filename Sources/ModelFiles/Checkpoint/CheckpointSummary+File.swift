import Glibc
import Storage

extension CheckpointSummary {
  /// Reads header and description of the file at `path`, and no more of it.
  /// - Throws: `CheckpointError`; `unreadable` names the file.
  package init(path: String, digest: ContentDigest) throws(CheckpointError) {
    let file: OpenFile
    do throws(StoreError) { file = try OpenFile(path) } catch { throw Self.failure(error) }
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

  /// The names of the classes in the file at `path`, which this sums up; empty where it has none.
  /// - Throws: `CheckpointError`; `unreadable` names the file.
  package func classes(path: String, digest: ContentDigest) throws(CheckpointError) -> [String] {
    guard let index = entries.firstIndex(where: { $0.form.name == "classes" }) else { return [] }
    let entry = entries[index]
    guard entry.decodedBytes <= CheckpointDecoder.largestJSON else {
      throw .tooLarge(bytes: entry.decodedBytes, limit: CheckpointDecoder.largestJSON)
    }
    // Entries lie back to back up to the end of the file.
    let start = fileBytes - entries[index...].reduce(0) { $0 + $1.storedBytes }
    let frame: [UInt8]
    do throws(StoreError) {
      frame = try OpenFile(path).bytes(start..<(start + entry.storedBytes))
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
