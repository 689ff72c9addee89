import NeuralNetworks
import Runs
import Storage

/// A CSV file with a line an epoch, in the manner of Ultralytics' results.csv: columns padded to one width.
///
/// A class, because it remembers what is in the file.
package final class EpochTable {
  /// At the path there is something that is no such table.
  package struct Taken: Error, Equatable, CustomStringConvertible {
    package let path: String

    package var description: String {
      "\(path): there is something else, which is left as it is; name a file of its own (log.csv)"
    }
  }

  private static let width = 20

  private let path: String
  /// Lines of the file, the header first; nil before it was looked at.
  private var lines: [String]?

  /// The table in the file at `path`, which is made with the first epoch.
  package init(path: String) { self.path = path }

  /// Seconds that the last line tells, which is of an earlier call; 0 where there is none. The lines stay, and
  /// those of this call go on from there.
  package var lastSeconds: Double {
    guard let last = try? found().last else { return 0 }
    let fields = last.split(separator: ",")
    return fields.count > 1 ? Double(fields[1].drop { $0 == " " }) ?? 0 : 0
  }

  /// Makes the file tell `rows`, of which the last is new. Lines that are there of earlier calls stay as they
  /// are.
  ///
  /// - Throws: `StoreError`; `Taken` where something else is there, which is left alone.
  package func write(_ rows: [EpochHistory.Row]) throws {
    guard let last = rows.last else { return }
    let columns = Self.columns(of: rows)
    let header = Self.line(["epoch", "time"] + columns.map(\.name) + ["lr", "sparsity", "stage"])
    if lines == nil { lines = try found() }
    let present = lines ?? []
    func text(_ row: EpochHistory.Row, _ number: Int) -> String {
      Self.line(
        ["\(number)", NumberText.fixed(row.seconds, 3)]
          + columns.map { NumberText.significant($0.value(row) ?? .nan, 6) } + [
            NumberText.significant(row.learningRate, 6), NumberText.significant(row.sparsity, 6),
            row.stage,
          ])
    }
    let isGoneOn = present.first == header && present.count == rows.count
    if isGoneOn, Self.stage(present[present.count - 1]) == rows.dropLast().last?.stage ?? "stage" {
      let line = text(last, rows.count)
      try DurableFile.append(Array((line + "\n").utf8), to: path)
      lines = present + [line]
      return
    }
    // Anew, with the lines that still hold.
    let isOwn = present.first == header
    let whole =
      [header]
      + rows.enumerated().map { index, row in
        isOwn && index + 1 < present.count && index + 1 < rows.count
          && Self.stage(present[index + 1]) == row.stage ? present[index + 1] : text(row, index + 1)
      }
    try FilePaths.makeFolders(FilePaths.folder(of: path))
    try NamedFile(path).write(Array((whole.joined(separator: "\n") + "\n").utf8))
    lines = whole
  }

  /// The lines of the file; none where it is not there.
  private func found() throws -> [String] {
    if NamedFile(path).isStream { throw Taken(path: path) }
    guard let bytes = try FilePaths.readIfThere(path), !bytes.isEmpty else { return [] }
    // Every table of ours begins so, whatever its columns.
    guard bytes.starts(with: (Self.line(["epoch", "time"]) + ",").utf8) else {
      throw Taken(path: path)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func columns(
    of rows: [EpochHistory.Row]
  ) -> [(name: String, value: (EpochHistory.Row) -> Double?)] {
    var columns: [(name: String, value: (EpochHistory.Row) -> Double?)] = [
      ("train/loss", { $0.trainingLoss })
    ]
    let measured = rows.compactMap(\.validation).first
    if measured != nil { columns.append(("val/loss", { $0.validation?.loss })) }
    if measured?.accuracy != nil {
      columns.append(("metrics/accuracy", { $0.validation?.accuracy }))
    }
    if measured?.rmse != nil {
      columns.append(("metrics/rmse", { $0.validation?.rmse }))
      columns.append(("metrics/mae", { $0.validation?.mae }))
    }
    if measured?.targets.isEmpty == false {
      if measured?.nrmse != nil { columns.append(("metrics/nrmse", { $0.validation?.nrmse })) }
      columns.append(("metrics/r2", { $0.validation?.r2 }))
    }
    return columns
  }

  /// Fields at the right of columns of one width.
  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      String(repeating: " ", count: max(0, width - field.count)) + field
    }.joined(separator: ",")
  }

  /// The last field of a line.
  private static func stage(_ line: String) -> String {
    line.split(separator: ",").last.map { String($0.drop { $0 == " " }) } ?? ""
  }
}
