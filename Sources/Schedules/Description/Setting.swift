import Storage

/// A key with what may stand under it, as data.
package struct Setting: Sendable {
  /// What holds where the key is not there.
  package enum Absence: Sendable {
    /// It has to be there.
    case required
    /// This value, in its canonical form.
    case standard(JSONValue)
    /// What the words say.
    case words(String)
    /// It is wanted, but for what the words say.
    case usual(String)
  }

  package let key: String
  package let shape: Shape
  package var absence: Absence
  /// One or two sentences.
  package let summary: String
  /// Whether another value can lead to other weights or other numbers. What is in a file can; where it
  /// lies cannot.
  package let changesResult: Bool
  /// Values that may stand here, where the shape alone does not tell any.
  package let examples: [JSONValue]
  /// Keys beside this one without which it says nothing.
  package let beside: JSONObject
  /// The block that the setting was taken over from as it is; nil for one of its own.
  package var origin: String?

  package init(
    _ key: String, _ shape: Shape, _ absence: Absence, _ summary: String,
    changesResult: Bool = true, examples: [JSONValue] = [], beside: JSONObject = [:]
  ) {
    self.key = key
    self.shape = shape
    self.absence = absence
    self.summary = summary
    if case .path = shape { self.changesResult = false } else { self.changesResult = changesResult }
    self.examples = examples
    self.beside = beside
  }

  /// Whether the key has to be there.
  package var isRequired: Bool {
    if case .required = absence { true } else { false }
  }
}

/// The settings of one mapping as data.
package struct BlockDescription: Sendable {
  /// A title, such as `optimizer adam`; no two blocks have the same.
  package let name: String
  /// What it is for.
  package let summary: String
  package let settings: [Setting]
  /// Groups of keys of which exactly one has to be there.
  package let exactlyOne: [[String]]

  package init(
    _ name: String, _ summary: String, _ settings: [Setting], exactlyOne: [[String]] = []
  ) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.exactlyOne = exactlyOne
  }

  /// Whether a mapping without any key is complete.
  package var demandsNoKey: Bool {
    exactlyOne.isEmpty
      && settings.allSatisfy { setting in
        switch setting.absence {
        case .required, .usual: false
        case .standard, .words: true
        }
      }
  }

  /// What to write for a mapping that demands no key where no key is set.
  package static let emptyHint = "write {} where none of them is set"

  /// In the order of messages.
  package var keys: [String] { settings.map(\.key) }

  /// This block and all blocks inside it, in the order of their first mention, each once.
  package var allBlocks: [BlockDescription] {
    var found: [BlockDescription] = []
    func add(_ block: BlockDescription) {
      guard !found.contains(where: { $0.name == block.name }) else { return }
      found.append(block)
      for setting in block.settings { setting.shape.blocks.forEach(add) }
    }
    add(self)
    return found
  }
}
