/// A place in a schedule: line and column in its file, both counted from 1, the column in Unicode
/// scalars; or one of the command line's overrides.
package struct SourcePosition: Sendable, Hashable {
  /// In the file, or in the value of the override.
  package let line: Int
  package let column: Int
  /// The override as given, `training.batch=128`; nil in the file.
  package let override: String?

  package init(line: Int, column: Int, override: String? = nil) {
    self.line = line
    self.column = column
    self.override = override
  }

  /// The beginning of a text.
  package static let start = SourcePosition(line: 1, column: 1)

  /// The same place in the value of an override.
  package func inside(override: String) -> SourcePosition {
    SourcePosition(line: line, column: column, override: override)
  }
}

extension SourcePosition: Comparable {
  /// In the order of reading; overrides come behind the file.
  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    switch (left.override, right.override) {
    case (nil, nil): (left.line, left.column) < (right.line, right.column)
    case (nil, _?): true
    case (_?, nil): false
    case (let first?, let second?):
      (first, left.line, left.column) < (second, right.line, right.column)
    }
  }
}
