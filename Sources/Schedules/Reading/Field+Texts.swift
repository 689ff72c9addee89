/// Reading texts, and words with what belongs to them.
extension Field {
  /// A text with its variables substituted; an empty one has to be in quotes.
  ///
  /// - Parameter mayLackVariable: whether one whose variable is not set is read all the same, and says so.
  package func string(
    _ what: String = "a text", mayLackVariable: Bool = false
  ) -> WrittenText? {
    guard case .scalar(let text, _) = node.content, !node.isEmpty else {
      reportKind(expected: what)
      return nil
    }
    switch Substitution.substitute(text, environment: context.environment) {
    case .success(let (value, variables)):
      return WrittenText(
        written: text, value: value, place: (node.position, path), variables: variables)
    case .failure(let failure):
      if mayLackVariable, case .undefinedVariable = failure.fault {
        return WrittenText(
          written: text, value: text, place: (node.position, path), lack: failure.fault)
      }
      report(failure.fault)
      return nil
    }
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
