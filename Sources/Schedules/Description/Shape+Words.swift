/// What may stand under a key, in words.
extension Shape {
  package var words: String {
    switch self {
    case .boolean: "true or false"
    case .sparsity: "a share, at least 0 and below 1"
    case .duration(let hours): "a duration, 1s to \(hours)h"
    case .path: "a path"
    case .integer(let range):
      range.upperBound == Int.max
        ? "a whole number, at least \(range.lowerBound)"
        : "a whole number, \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "\(range)"
    case .text(let what): what
    case .words(let words): Self.joined(words.map(\.showingTab))
    case .list(let element, _): "a list; of each element: \(element.words)"
    case .block(let block): "a mapping with the keys " + block.keys.joined(separator: ", ")
    case .choice(let words): "one of " + words.map(\.key).joined(separator: ", ")
    case .named(let names, let element): "a mapping of \(names); of each: \(element.words)"
    case .either(let shapes):
      shapes.map(\.words).enumerated().filter { index, words in
        !shapes[..<index].contains { $0.words == words }
      }.map(\.element).joined(separator: "; or ")
    }
  }

  private static func joined(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }
}

extension String {
  fileprivate var showingTab: String { replacing("\t", with: "\\t") }
}

extension Setting {
  /// What holds where the key is not there, in words.
  package var absenceWords: String {
    switch absence {
    case .required: "it has to be there"
    case .standard(let value): value.stringValue ?? value.canonical
    case .words(let words), .usual(let words): words
    }
  }
}
