import Glibc
import Storage

/// A data file that is open for reading.
package struct StoredFile: Sendable {
  private let file: OpenFile

  package var path: String { file.path }

  /// Bytes that it had when it was opened.
  package var size: Int { file.size }

  /// Opens the file at `path`, of at most `limit` bytes.
  /// - Throws: `DatasetError`, naming the file.
  package init(_ path: String, limit: Int) throws(DatasetError) {
    do throws(StoreError) {
      file = try OpenFile(path, limit: limit)
    } catch {
      throw Self.failure(error, path: path, limit: limit)
    }
  }

  /// What the system's refusal of the file at `path` means for data.
  static func failure(_ error: StoreError, path: String, limit: Int) -> DatasetError {
    switch (error.code, error.needed) {
    case (EISDIR, _), (EINVAL, _): .file(path, .notRegular)
    case (EFBIG, let size?): .file(path, .tooLarge(bytes: size, limit: limit))
    default: .file(path, error.isMissing ? .missing : .unreadable(reason: error.reason))
    }
  }

  /// The bytes of `range`, which lies within the file's size.
  /// - Throws: `DatasetError`, in particular where the file has become shorter.
  package func bytes(_ range: Range<Int>) throws(DatasetError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(StoreError) { bytes = try file.bytes(range) } catch { throw failure(error) }
    guard bytes.count == range.count else { throw .file(file.path, .changedWhileReading) }
    return bytes
  }

  /// Fills `buffer` with the bytes from `offset` on.
  /// - Throws: `DatasetError`, in particular where the file ends before.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(DatasetError) {
    let count: Int
    do throws(StoreError) {
      count = try file.fill(buffer, from: offset)
    } catch {
      throw failure(error)
    }
    guard count == buffer.count else { throw .file(file.path, .changedWhileReading) }
  }

  /// - Throws: `DatasetError` where somebody has written into the file since it was opened.
  func demandUnchanged() throws(DatasetError) {
    if file.hasChanged { throw .file(file.path, .changedWhileReading) }
  }

  private func failure(_ error: StoreError) -> DatasetError {
    .file(file.path, .unreadable(reason: error.reason))
  }
}
