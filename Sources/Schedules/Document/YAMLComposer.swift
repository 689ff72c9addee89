import Yams

/// Composes a text with Yams, under limits that Yams does not have.
///
/// Yams expands aliases while it composes and hashes every key of a mapping, keys that are whole
/// trees included. So a few lines of nested aliases, or of mappings as keys of mappings, can take
/// forever before anybody could count a node. Two substitutions prevent it:
/// - `*` and `?` are composed as other characters, which makes aliases and explicit keys plain
///   text; `ScheduleDocument` resolves the aliases itself and counts what they expand to.
/// - The text is first composed with `[ ]` for `{ }`. That gives the same tokens, but no mapping
///   whose key could be a large tree: `[a: 1, b: 2]` is a list of pairs. Only when it shows no key
///   that is a list or a mapping, the text is composed as it stands.
///
/// libyaml itself stops at 1,000 levels, so recursion is bounded throughout.
enum YAMLComposer {
  /// Keys in brackets that the first pass may meet; each is at most 1,024 characters.
  private static let maximumBracketKeys = 100

  /// Calls `body` with the root node of the one document in `text`, while its anchors are alive.
  ///
  /// - Throws: `ScheduleProblem`.
  static func withRoot<Result>(
    of text: SourceText, _ body: (Node) throws(ScheduleProblem) -> Result
  ) throws(ScheduleProblem) -> Result {
    try checkBracketKeys(text)
    // Anchors are held weakly by the nodes and strongly by the parser.
    let (pairs, first) = try compose(substituted(text, braces: false), text)
    try withExtendedLifetime(first) { () throws(ScheduleProblem) in
      try checkKeys(of: pairs, in: text)
    }
    let (root, second) = try compose(substituted(text, braces: true), text)
    return try withExtendedLifetime(second) { () throws(ScheduleProblem) in try body(root) }
  }

  /// The text with stand-ins for `*` and `?`, and without braces `[ ]` for `{ }`.
  private static func substituted(_ text: SourceText, braces: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.scalars {
      switch scalar {
      case "*": result.append(SourceText.star)
      case "?": result.append(SourceText.questionMark)
      case "{" where !braces: result.append("[")
      case "}" where !braces: result.append("]")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func compose(
    _ yaml: String, _ text: SourceText
  ) throws(ScheduleProblem) -> (Node, Parser) {
    do {
      let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
      guard let root = try parser.singleRoot() else { throw ScheduleProblem(.start, .empty) }
      return (root, parser)
    } catch let problem as ScheduleProblem {
      throw problem
    } catch {
      throw ScheduleProblem(error, in: text)
    }
  }

  /// Refuses a text in which too many brackets or braces close right before a colon.
  private static func checkBracketKeys(_ text: SourceText) throws(ScheduleProblem) {
    var count = 0
    var afterBracket = false
    for scalar in text.scalars {
      switch scalar {
      case "]", "}": afterBracket = true
      case " ", "\t": break
      default:
        if afterBracket, scalar == ":" { count += 1 }
        afterBracket = false
      }
    }
    if count > maximumBracketKeys { throw ScheduleProblem(.start, .complexKey) }
  }

  /// Refuses a key that is a list or a mapping, given the text composed with `[ ]` for `{ }`.
  private static func checkKeys(of node: Node, in text: SourceText) throws(ScheduleProblem) {
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard case .scalar = key else { throw ScheduleProblem(key.position, .complexKey) }
        try checkKeys(of: value, in: text)
      }
    case .sequence(let items):
      for item in items {
        if case .sequence = item, opensWithBrace(node, in: text) {
          throw ScheduleProblem(item.position, .complexKey)
        }
        try checkKeys(of: item, in: text)
      }
    case .scalar, .alias: break
    }
  }

  /// Whether `node` stands in braces; true also where that is not clear at once.
  private static func opensWithBrace(_ node: Node, in text: SourceText) -> Bool {
    var index = text.index(of: node.position)
    while index < text.scalars.count {
      switch text.scalars[index] {
      case "[", "-": return false
      case "&", "!":
        while index < text.scalars.count, !isBlank(text.scalars[index]) { index += 1 }
      case "#":
        while index < text.scalars.count, !SourceText.isLineBreak(text.scalars[index]) {
          index += 1
        }
      case let scalar where isBlank(scalar): index += 1
      default: return true
      }
    }
    return true
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || SourceText.isLineBreak(scalar)
  }
}

extension Node {
  /// Where the node begins; an anchor or tag before it included.
  var position: SourcePosition {
    mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
  }
}
