/// A line of a text, and what of it is meant.
package struct SourceSpot: Sendable, Equatable {
  /// From 1, as an editor counts.
  package let line: Int
  /// The line without its break.
  package let text: String
  /// What is meant, in Unicode scalars of the line from 0; empty for a place between two.
  package let range: Range<Int>

  package init(line: Int, text: String, range: Range<Int>) {
    self.line = line
    self.text = text
    self.range = range
  }
}

extension SourceSpot {
  /// The spot of `problem` in the text that it was found in; nil where the problem is none of one line, or the
  /// line holds an address, which nobody may read.
  package init?(_ problem: ScheduleProblem, in bytes: [UInt8]) {
    guard problem.position.override == nil, let source = try? SourceText(bytes) else { return nil }
    let text = source.line(of: problem.position)
    let scalars = Array(text.unicodeScalars)
    let start = problem.position.column - 1
    guard (0...scalars.count).contains(start), HiddenAddress.found(in: text).isEmpty,
      scalars.contains(where: { $0 != " " && $0 != "\t" })
    else { return nil }
    let length = problem.fault.isOfOnePlace ? 1 : YAMLWord.length(at: start, in: scalars)
    self.init(
      line: problem.position.line, text: text,
      range: start..<min(scalars.count, start + max(1, length)))
  }
}

extension ScheduleFault {
  /// Whether no text in the document is wrong, but something is missing there, or the text ends to be YAML.
  fileprivate var isOfOnePlace: Bool {
    switch self {
    case .document(.syntax), .document(.forbiddenCharacter), .document(.secondDocument),
      .document(.tooDeep), .document(.tooManyNodes), .document(.complexKey),
      .key(.missing), .key(.notExactlyOne):
      true
    case .document, .key, .value, .relation: false
    }
  }
}

/// How long a value or a key is that stands in a line of YAML.
private enum YAMLWord {
  /// The scalars of the word that begins at `start`.
  static func length(at start: Int, in line: [Unicode.Scalar]) -> Int {
    guard start < line.count else { return 0 }
    switch line[start] {
    case "\"", "'": return quoted(at: start, in: line)
    case "[", "{": return bracketed(at: start, in: line)
    default: return plain(at: start, in: line)
    }
  }

  private static func quoted(at start: Int, in line: [Unicode.Scalar]) -> Int {
    var index = start + 1
    while index < line.count {
      let isDoubled = index + 1 < line.count && line[index + 1] == line[index]
      if line[start] == "\"", line[index] == "\\" {
        index += 1
      } else if line[index] == line[start] {
        if line[start] == "\"" || !isDoubled { return index + 1 - start }
        index += 1
      }
      index += 1
    }
    return line.count - start
  }

  /// Up to the bracket that closes the first one; 1 where that is not in this line.
  private static func bracketed(at start: Int, in line: [Unicode.Scalar]) -> Int {
    var depth = 0
    for index in start..<line.count {
      if "[{".unicodeScalars.contains(line[index]) { depth += 1 }
      if "]}".unicodeScalars.contains(line[index]) { depth -= 1 }
      if depth == 0 { return index + 1 - start }
    }
    return 1
  }

  private static func plain(at start: Int, in line: [Unicode.Scalar]) -> Int {
    let depth = line[..<start].reduce(0) { depth, scalar in
      "[{".unicodeScalars.contains(scalar)
        ? depth + 1 : "]}".unicodeScalars.contains(scalar) ? depth - 1 : depth
    }
    var end = start
    while end < line.count {
      let isLast = end + 1 == line.count
      let scalar = line[end]
      if scalar == ":", isLast || isBlank(line[end + 1]) { break }
      if scalar == "#", end > start, isBlank(line[end - 1]) { break }
      if depth > 0, ",]}".unicodeScalars.contains(scalar) { break }
      end += 1
    }
    while end > start, isBlank(line[end - 1]) { end -= 1 }
    return end - start
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
