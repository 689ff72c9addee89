import Datasets
import Foundation
import Glibc

/// The small files that Golden/make_dataset_golden.py wrote.
enum DatasetGolden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/datasets").path
  /// The root of the repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }
}

/// A folder for the files of one test, removed with it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "ecpipe-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    // Writing over a file makes ext4 wait for the disk, which counts in tests that write thousands.
    unlink(file)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
    return file
  }

  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

/// The error that `body` throws, nil if it returns.
func datasetError<Result>(_ body: () throws(DatasetError) -> Result) -> DatasetError? {
  do throws(DatasetError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
