import Datasets
import Drafts
import TestSupport

/// A table of a test, and what it is taken for.
struct TableFile {
  let folder: TemporaryFolder
  let path: String

  init(_ text: String) throws {
    folder = try TemporaryFolder()
    path = folder.file("t.csv")
    try folder.write(text, to: "t.csv")
  }

  /// A table of so many rows of which `row` gives the lines.
  init(_ header: String?, rows: Int = 40, _ row: (Int) -> String) throws {
    let lines = [header].compactMap { $0 } + (0..<rows).map(row)
    try self.init(lines.joined(separator: "\n") + "\n")
  }

  func survey() throws -> TableSurvey { try TableSurvey(path) }

  func guess(labels: [ColumnSelector] = [], task: LearningTask? = nil) throws -> TableGuess {
    try TableGuess(survey(), labels: labels, task: task)
  }

  /// The lines of a draft that begin with `key`, without their comments.
  func settings(_ kind: Draft.Kind = .schedule, schema: String? = nil) throws -> [String] {
    let draft = Draft(
      kind, name: "t", file: "t.yaml", schema: schema,
      table: DraftTable(path: "t.csv", guess: try guess()))
    return draft.text.split(separator: "\n").map(String.init)
  }
}
