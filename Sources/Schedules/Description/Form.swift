import Storage

/// How a value stands in a schedule: what is allowed, how it is read, and its canonical form.
package struct Form<Value> {
  /// Made where it is asked for: who reads a value has no use for it.
  package var shape: Shape { makeShape() }
  private let makeShape: () -> Shape
  /// Nil where something is wrong; it is reported.
  package let read: (Field) -> Value?
  package let write: (Value) -> JSONValue

  package init(
    _ shape: @autoclosure @escaping () -> Shape, _ read: @escaping (Field) -> Value?,
    write: @escaping (Value) -> JSONValue
  ) {
    makeShape = shape
    self.read = read
    self.write = write
  }

  /// The same form, read in another way.
  package func reading(_ read: @escaping (Field) -> Value?) -> Form {
    Form(shape, read, write: write)
  }

  /// The form of what is made of values of this form; `wrap` reports what is wrong with one.
  package func map<Other>(
    _ wrap: @escaping (Value, Field) -> Other?, _ unwrap: @escaping (Other) -> Value
  ) -> Form<Other> {
    Form<Other>(shape, { field in read(field).flatMap { wrap($0, field) } }) { write(unwrap($0)) }
  }

  /// The same form for a value that need not be there; nothing is written as null.
  package var optional: Form<Value?> {
    Form<Value?>(shape, { field in read(field).map { .some($0) } }) { $0.map(write) ?? .null }
  }

  /// The same form, or `word` for nothing, which is written as `absent`.
  package func or(_ word: String, as absent: JSONValue = .null) -> Form<Value?> {
    Form<Value?>(.either([.words([word]), shape])) { field in
      field.plainText == word ? .some(nil) : read(field).map { .some($0) }
    } write: {
      $0.map(write) ?? absent
    }
  }

  /// A list of values of this form.
  ///
  /// - Parameters:
  ///   - what: what they are, for messages.
  ///   - admits: whether there can be so many; where there cannot, that is reported.
  package func list(
    of what: String, _ counts: ClosedRange<Int>,
    admits: @escaping (_ count: Int, _ field: Field) -> Bool = { _, _ in true }
  ) -> Form<[Value]> {
    Form<[Value]>(.list(shape, counts)) { field in
      guard let items = field.list(of: what), admits(items.count, field) else { return nil }
      let values = items.map(read)
      return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
    } write: {
      JSONValue($0.map(write))
    }
  }

  /// A mapping with the keys of `block`.
  package static func block(_ block: Block<Value>) -> Form {
    Form(.block(block.description), block.read) { .object(block.encode($0)) }
  }
}
