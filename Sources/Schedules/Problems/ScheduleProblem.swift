import Yams

/// One thing that is wrong with a schedule, and where.
package struct ScheduleProblem: Error, Sendable, Equatable {
  package let position: SourcePosition
  /// The key path, such as `stages[2].alternate.sparsity.to`; empty for the document as a whole.
  package let path: String
  package let fault: ScheduleFault

  package init(_ position: SourcePosition, path: String = "", _ fault: ScheduleFault) {
    self.position = position
    self.path = path
    self.fault = fault
  }

  /// A problem with the document as such.
  package init(_ position: SourcePosition, _ fault: DocumentFault) {
    self.init(position, .document(fault))
  }

  /// The problem that Yams found in `text`.
  package init(_ error: any Error, in text: SourceText) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      self.init(mark, Self.fault(problem, at: mark, in: text))
    case .composer(_, _, let mark, _):
      // Aliases are resolved elsewhere, so this is the only thing left to be found in composing.
      self.init(mark, .secondDocument)
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(context.mark, .repeatedKey(keys.sorted().first ?? ""))
    case .reader(let problem, _, _, _):
      self.init(.start, .syntax(problem))
    default:
      self.init(.start, .syntax("\(error)"))
    }
  }

  private init(_ mark: Mark, _ fault: DocumentFault) {
    self.init(SourcePosition(line: mark.line, column: mark.column), fault)
  }

  private static func fault(_ problem: String, at mark: Mark, in text: SourceText) -> DocumentFault
  {
    if problem.hasPrefix("Maximum nesting level") {
      return .tooDeep(limit: ScheduleDocument.maximumDepth)
    }
    let position = SourcePosition(line: mark.line, column: mark.column)
    if text.scalars[text.index(of: position)...].first == "\t" {
      return .syntax("tabs cannot indent a line; use blanks")
    }
    let line = text.line(of: position)
    // The text is composed with [ ] for { } first, so the closing bracket's kind is not known.
    let bracketFree = problem.hasSuffix("',' or ']'") || problem.hasSuffix("',' or '}'")
    let reason = bracketFree ? "did not find expected comma or closing bracket" : problem
    return .syntax(
      line.contains("${") && bracketFree
        ? reason + "; inside brackets, write text with ${NAME} in quotes" : reason)
  }
}
