import Storage

/// What the results of a study say, for the screen and for the page.
package struct StudyFindings: Sendable, Equatable {
  /// Numbers with what they are of.
  package struct Table: Sendable, Equatable {
    package let title: String
    /// The first tells what a row is of.
    package let columns: [String]
    package private(set) var rows: [[String]] = []

    package init(_ title: String, _ columns: [String]) {
      self.title = title
      self.columns = columns
    }

    /// Adds a row with a text for every column.
    package mutating func add(_ row: [String]) {
      precondition(row.count == columns.count, "a text for every column")
      rows.append(row)
    }
  }

  /// How a claim stands.
  package enum Verdict: String, Sendable {
    case confirmed
    /// The numbers say the contrary as clearly as they would have to say it to confirm the claim.
    case contradicted
    /// The numbers do not tell, too little is measured, or there are too few seeds.
    case open

    /// - Parameters:
    ///   - isConfirmed: whether the test says that the claim holds.
    ///   - isContradicted: whether it says that the claim does not hold.
    init(isConfirmed: Bool, isContradicted: Bool) {
      self = isConfirmed ? .confirmed : isContradicted ? .contradicted : .open
    }
  }

  /// A claim, how it is tested, and what came out.
  package struct Answer: Sendable, Equatable {
    package let claim: String
    /// When it counts as confirmed, and when as contradicted; stated before anything is measured.
    package let test: String
    package let verdict: Verdict
    /// The numbers.
    package let result: String

    package init(claim: String, test: String, verdict: Verdict, result: String) {
      self.claim = claim
      self.test = test
      self.verdict = verdict
      self.result = result
    }
  }

  package let tables: [Table]
  package let answers: [Answer]

  package init(tables: [Table], answers: [Answer]) {
    self.tables = tables
    self.answers = answers
  }

  /// As `compare --json` and `show --json` have them.
  package var json: JSONValue {
    [
      "tables": JSONValue(
        tables.map { table in
          [
            "title": .string(table.title), "columns": JSONValue(table.columns.map { .string($0) }),
            "rows": JSONValue(table.rows.map { JSONValue($0.map { .string($0) }) }),
          ]
        }),
      "answers": JSONValue(
        answers.map { answer in
          [
            "claim": .string(answer.claim), "test": .string(answer.test),
            "verdict": .string(answer.verdict.rawValue), "result": .string(answer.result),
          ]
        }),
    ]
  }
}
