import Scheduler

/// Reading scalars from their text, by the type that is wanted.
extension Field {
  /// A whole number as JSON writes it.
  package func integer(_ range: ClosedRange<Int>) -> Int? {
    guard let text = plainText, NumberSyntax(text) != nil else {
      reportKind(expected: "a whole number")
      return nil
    }
    let allowed = "whole numbers from \(range.lowerBound) to \(range.upperBound)"
    guard NumberSyntax(text) == .integer, let value = Int(text), range.contains(value) else {
      report(.outOfRange(text, allowed: allowed))
      return nil
    }
    return value
  }

  /// A number as JSON writes it, `1e-3` included.
  package func number(_ range: NumberRange) -> Double? {
    guard let text = plainText, NumberSyntax(text) != nil, let value = Double(text) else {
      reportKind(expected: "a number")
      return nil
    }
    guard range.contains(value) else {
      report(.outOfRange(text, allowed: range.description))
      return nil
    }
    return value
  }

  /// A number that is in range in single precision too.
  package func float(_ range: NumberRange) -> Float? {
    guard let value = number(range) else { return nil }
    guard range.contains(Double(Float(value))) else {
      report(.outOfRange(plainText ?? "", allowed: "\(range) in 32 bits"))
      return nil
    }
    return Float(value)
  }

  /// A sparsity; a percentage is recognised and explained.
  package func sparsity() -> Sparsity? {
    guard let text = plainText else {
      reportKind(expected: "a sparsity")
      return nil
    }
    let isPercentage = text.hasSuffix("%")
    let digits = isPercentage ? String(text.dropLast()) : text
    guard NumberSyntax(digits) != nil, let value = Double(digits) else {
      reportKind(expected: "a sparsity")
      return nil
    }
    if !isPercentage, let sparsity = try? Sparsity(value) { return sparsity }
    let isMeant = value < 100 && (isPercentage ? value >= 0 : value > 1)
    report(.notASparsity(text, meant: isMeant ? "\(value / 100)" : nil))
    return nil
  }

  /// `true` or `false`.
  package func boolean() -> Bool? {
    switch plainText {
    case "true": return true
    case "false": return false
    default:
      reportKind(expected: "true or false")
      return nil
    }
  }

  /// A text with its variables substituted; an empty one has to be in quotes.
  package func string(_ what: String = "a text") -> WrittenText? {
    guard case .scalar(let text, _) = node.content, !node.isEmpty else {
      reportKind(expected: what)
      return nil
    }
    switch Substitution.substitute(text, environment: context.environment) {
    case .success(let value): return WrittenText(written: text, value: value)
    case .failure(let fault):
      report(fault.fault)
      return nil
    }
  }

  /// The path of a file.
  package func path(_ what: String = "the path of a file") -> WrittenText? {
    guard let text = string(what) else { return nil }
    guard !text.value.isEmpty, !text.value.utf8.contains(0) else {
      reportKind(expected: what)
      return nil
    }
    return text
  }

  /// One of the words that name the cases of `Word`.
  package func word<Word: RawRepresentable & CaseIterable>(
    _ what: String, as type: Word.Type = Word.self
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    guard let text = string("one of: \(listed(words))") else { return nil }
    guard let word = Word(rawValue: text.value) else {
      report(.unknownWord(text.value, what: what, among: words))
      return nil
    }
    return word
  }

  /// A duration from 1 s to 24 h: a whole number with the unit s, m or h.
  package func duration() -> Duration? {
    let units = ["s": 1, "m": 60, "h": 3600]
    guard let text = plainText else {
      reportKind(expected: "a duration, such as 60s")
      return nil
    }
    guard let unit = text.last.flatMap({ units[String($0)] }),
      NumberSyntax(String(text.dropLast())) == .integer, let count = Int(text.dropLast()),
      count >= 1, count <= 24 * 3600 / unit
    else {
      report(.notADuration(text))
      return nil
    }
    return .seconds(count * unit)
  }

  /// A choice with settings: a word alone, or a mapping with that word as its only key.
  ///
  /// The settings are nil where the word stands alone.
  package func choice(_ what: String, of words: [String]) -> (word: String, settings: Field?)? {
    if case .mapping(let entries) = node.content {
      guard entries.count == 1 else {
        report(KeyFault.notExactlyOne(of: words, found: entries.map(\.key)))
        return nil
      }
      let entry = entries[0]
      let inner = Field(
        node: entry.value, path: "\(path).\(shortened(entry.key))", context: context)
      guard words.contains(entry.key) else {
        context.report(
          .value(.unknownWord(entry.key, what: what, among: words)), at: entry.keyPosition,
          path: path)
        return nil
      }
      return (entry.key, inner)
    }
    guard let text = string("one of: \(listed(words))") else { return nil }
    guard words.contains(text.value) else {
      report(.unknownWord(text.value, what: what, among: words))
      return nil
    }
    return (text.value, nil)
  }
}
