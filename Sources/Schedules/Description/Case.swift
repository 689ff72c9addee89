import Storage

/// One of several words with what belongs to it: a word of a choice, or one of the keys of which exactly
/// one has to be there.
package struct Case<Value> {
  /// The word.
  package let key: String
  /// Made where it is asked for: who reads a value has no use for it.
  package var setting: Setting { makeSetting() }
  private let makeSetting: () -> Setting
  /// Given what stands behind the word, nil for a word alone, and the place of the whole.
  let read: (_ content: Field?, _ field: Field) -> Value?
  /// Nil for a value that another word stands for.
  let write: (Value) -> JSONValue?

  /// A key of which one has to be there.
  ///
  /// - Parameters:
  ///   - wrap: what the content stands for.
  ///   - unwrap: the content of a value, nil for one that another key stands for.
  package init<Content>(
    _ key: String, _ form: @autoclosure @escaping () -> Form<Content>,
    examples: [JSONValue] = [], beside: JSONObject = [:], _ summary: String,
    wrap: @escaping (Content) -> Value, unwrap: @escaping (Value) -> Content?
  ) {
    self.key = key
    makeSetting = {
      Setting(
        key, form().shape, .words("exactly one of these"), summary, examples: examples,
        beside: beside)
    }
    read = { content, _ in content.flatMap(form().read).map(wrap) }
    write = { unwrap($0).map(form().write) }
  }

  /// A word of a choice with the block of its settings.
  ///
  /// - Parameter alone: what is expected where the word stands alone, which it cannot; nil where it can
  ///   unless a setting is required.
  package init<Settings>(
    _ word: String, _ block: @autoclosure @escaping () -> Block<Settings>, alone: String? = nil,
    wrap: @escaping (Settings) -> Value, unwrap: @escaping (Value) -> Settings?
  ) {
    key = word
    makeSetting = {
      let description = block().description
      let isBare = alone == nil && !description.settings.contains(where: \.isRequired)
      return Setting(
        word, .block(description), isBare ? .words("its defaults") : .required,
        description.summary)
    }
    read = { content, field in
      if let content { return block().read(content).map(wrap) }
      if let alone {
        field.reportKind(expected: alone)
        return nil
      }
      return block().decode(KeyedFields(noneAt: field)).map(wrap)
    }
    write = { unwrap($0).map { .object(block().encode($0)) } }
  }

  /// A word of a choice without settings, for exactly `value`.
  package init(_ word: String, _ value: Value, _ summary: String) where Value: Equatable {
    let block = Block<Value>([], BlockDescription(word, summary, [])) { _ in
      value
    } encode: { _ in
      [:]
    }
    self.init(word, block, wrap: { $0 }, unwrap: { $0 == value ? $0 : nil })
  }
}

extension Form {
  /// A word, alone or as the only key of a mapping with its settings; `what` it is, for messages.
  ///
  /// - Parameter admits: whether the word can stand here; where it cannot, that is reported.
  package static func choice(
    _ what: String, _ cases: [Case<Value>],
    admits: @escaping (_ word: String, _ field: Field) -> Bool = { _, _ in true }
  ) -> Form {
    Form(.choice(cases.map(\.setting))) { field in
      guard let (word, content) = field.choice(what, of: cases.map(\.key)),
        admits(word, field)
      else { return nil }
      return cases.first { $0.key == word }?.read(content, field)
    } write: { value in
      for own in cases {
        guard let content = own.write(value) else { continue }
        let word = own.key
        return content.objectValue?.isEmpty == true ? .string(word) : .object([word: content])
      }
      preconditionFailure("every value is one of the cases")
    }
  }
}
