import Foundation

/// A table as other programs packed it; Tests/DatasetsTests/Golden/make_dataset_golden.py wrote it.
enum PackedTable {
  /// The bytes of `table.csv` with `suffix` behind its name.
  static func bytes(_ suffix: String) throws -> [UInt8] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(
      try Data(
        contentsOf: tests.appending(path: "DatasetsTests/Golden/datasets/table.csv\(suffix)")))
  }
}
