import Storage

/// A part of a block: a setting, or several that make one value.
package struct Part<Root, Value> {
  /// The keys of its settings.
  package let keys: [String]
  /// Made where they are asked for: who reads a value has no use for them.
  package var settings: [Setting] { makeSettings() }
  private let makeSettings: () -> [Setting]
  /// Whether exactly one of the settings has to be there.
  let isExclusive: Bool
  /// Nil where something is wrong; it is reported.
  package let read: (KeyedFields) -> Value?
  /// Adds the canonical form to an object.
  let write: (Root, inout JSONObject) -> Void

  /// - Parameters:
  ///   - keys: those of the settings, in the same order.
  ///   - settings: none for a value that other keys make.
  package init(
    _ keys: [String], _ settings: @autoclosure @escaping () -> [Setting] = [],
    isExclusive: Bool = false, read: @escaping (KeyedFields) -> Value?,
    write: @escaping (Root, inout JSONObject) -> Void = { _, _ in }
  ) {
    self.keys = keys
    makeSettings = settings
    self.isExclusive = isExclusive
    self.read = read
    self.write = write
  }

  /// A setting under `key`, which has to be there unless there is a `standard` value.
  ///
  /// - Parameters:
  ///   - get: the setting of a value of the block.
  ///   - words: what holds without it, where that depends on something else.
  ///   - isUsual: whether it is wanted unless something else stands in for it.
  ///   - omitted: whether the canonical form leaves it out where it is null.
  ///   - read: reads it where that depends on other keys; else the form does.
  package static func setting(
    _ key: String, _ get: @escaping (Root) -> Value,
    _ form: @autoclosure @escaping () -> Form<Value>,
    default standard: Value? = nil, said words: String? = nil, isUsual: Bool = false,
    omitted: Bool = false, changesResult: Bool = true, examples: [JSONValue] = [],
    beside: JSONObject = [:], _ summary: String,
    read: ((Field, KeyedFields) -> Value?)? = nil
  ) -> Part {
    func setting() -> Setting {
      let form = form()
      let absence: Setting.Absence =
        words.map { isUsual ? .usual($0) : .words($0) }
        ?? standard.map { .standard(form.write($0)) } ?? .required
      return Setting(
        key, form.shape, absence, summary, changesResult: changesResult, examples: examples,
        beside: beside)
    }
    return Part([key], [setting()]) { keys in
      if let field = keys[key] { return read.map { $0(field, keys) } ?? form().read(field) }
      if standard == nil { keys.reportMissing(key) }
      return standard
    } write: { root, members in
      let value = form().write(get(root))
      if !omitted || !value.isNull { members[key] = value }
    }
  }

  /// A setting that need not be there; `words` say what holds without it.
  package static func optional<Wrapped>(
    _ key: String, _ get: @escaping (Root) -> Wrapped?,
    _ form: @autoclosure @escaping () -> Form<Wrapped>,
    absent words: String, isUsual: Bool = false, omitted: Bool = false,
    changesResult: Bool = true, examples: [JSONValue] = [], beside: JSONObject = [:],
    _ summary: String, read: ((Field, KeyedFields) -> Wrapped?)? = nil
  ) -> Part where Value == Wrapped? {
    .setting(
      key, get, form().optional, default: .some(nil), said: words, isUsual: isUsual,
      omitted: omitted, changesResult: changesResult, examples: examples, beside: beside, summary,
      read: read.map { read in { field, keys in read(field, keys).map { .some($0) } } })
  }

  /// The same with a value that depends on other keys where none of its own is there.
  package func without(_ standard: @escaping (KeyedFields) -> Value) -> Part {
    Part(self.keys, settings, isExclusive: isExclusive) { keys in
      self.keys.contains { keys[$0] != nil } ? read(keys) : standard(keys)
    } write: {
      write($0, &$1)
    }
  }

  /// All settings of another block in place; the block may depend on other keys, where they are known.
  package static func included(
    _ get: @escaping (Root) -> Value, _ block: @escaping (KeyedFields?) -> Block<Value>
  ) -> Part {
    let general = block(nil)
    func settings() -> [Setting] {
      let description = general.description
      return description.settings.map { setting in
        var setting = setting
        setting.origin = setting.origin ?? description.name
        return setting
      }
    }
    return Part(general.keys, settings()) { keys in
      block(keys).decode(keys)
    } write: { root, members in
      for member in general.encode(get(root)) { members[member.name] = member.value }
    }
  }

  /// Exactly one of several keys; they may depend on others, where these are known.
  package static func exactlyOne(
    _ get: @escaping (Root) -> Value, _ cases: @escaping (KeyedFields?) -> [Case<Value>]
  ) -> Part {
    let general = cases(nil)
    return Part(general.map(\.key), general.map(\.setting), isExclusive: true) { keys in
      guard let (key, field) = keys.exactlyOne(of: general.map(\.key)) else { return nil }
      return cases(keys).first { $0.key == key }?.read(field, field)
    } write: { root, members in
      for own in general {
        if let json = own.write(get(root)) { members[own.key] = json }
      }
    }
  }
}
