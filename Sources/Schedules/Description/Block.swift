import Storage

/// A mapping of the schedule and the value that its keys make, described once: from here come the
/// allowed keys, decoding, the canonical form, the JSON Schema and the reference.
package struct Block<Value> {
  /// In the order of messages.
  package let keys: [String]
  /// Made where it is asked for: who reads a value has no use for it.
  package var description: BlockDescription { makeDescription() }
  private let makeDescription: () -> BlockDescription
  /// Nil where something is wrong; it is reported.
  package let decode: (KeyedFields) -> Value?
  /// The canonical form, with all defaults.
  package let encode: (Value) -> JSONObject

  /// A block that is read or written by code of its own.
  ///
  /// - Parameter keys: those of the description, in the same order.
  package init(
    _ keys: [String], _ description: @autoclosure @escaping () -> BlockDescription,
    decode: @escaping (KeyedFields) -> Value?, encode: @escaping (Value) -> JSONObject
  ) {
    self.keys = keys
    makeDescription = description
    self.decode = decode
    self.encode = encode
  }

  /// A block of `parts`.
  ///
  /// - Parameters:
  ///   - check: reports how settings do not fit one another, given those that could be read.
  ///   - make: the value of settings that were read and fit.
  package init<each Item>(
    _ name: String, _ summary: String, _ parts: repeat Part<Value, each Item>,
    check: @escaping (KeyedFields, repeat (each Item)?) -> Void = {
      (_: KeyedFields, _: repeat (each Item)?) in
    },
    make: @escaping (repeat each Item) -> Value?
  ) {
    var keys: [String] = []
    for part in repeat each parts { keys += part.keys }
    self.keys = keys
    makeDescription = {
      var settings: [Setting] = []
      var exactlyOne: [[String]] = []
      for part in repeat each parts {
        settings += part.settings
        if part.isExclusive { exactlyOne.append(part.keys) }
      }
      return BlockDescription(name, summary, settings, exactlyOne: exactlyOne)
    }
    decode = { keys in
      let items = (repeat (each parts).read(keys))
      let reports = keys.field.context.reports
      check(keys, repeat each items)
      guard keys.field.context.reports == reports else { return nil }
      do {
        return make(repeat try found(each items))
      } catch {
        return nil
      }
    }
    encode = { value in
      var members = JSONObject()
      for part in repeat each parts { part.write(value, &members) }
      return members
    }
  }

  /// Reads a mapping with no other keys than the block's.
  package func read(_ field: Field) -> Value? { field.keys(of: self).flatMap(decode) }

  /// The same settings of a value that is made of this one.
  package func map<Other>(
    _ wrap: @escaping (Value) -> Other, _ unwrap: @escaping (Other) -> Value
  ) -> Block<Other> {
    Block<Other>(keys, description, decode: { decode($0).map(wrap) }) { encode(unwrap($0)) }
  }

  /// The canonical form of what a result depends on.
  package func encodeResult(_ value: Value) -> JSONObject {
    var members = encode(value)
    for setting in description.settings where !setting.changesResult { members[setting.key] = nil }
    return members
  }
}

/// That a value could not be read, which is reported.
private struct Unread: Error {}

private func found<Value>(_ value: Value?) throws(Unread) -> Value {
  guard let value else { throw Unread() }
  return value
}
