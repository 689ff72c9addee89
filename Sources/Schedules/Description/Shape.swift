/// What may stand under a key, as data: the JSON Schema and the reference are made of it.
package indirect enum Shape: Sendable {
  case boolean, sparsity, path
  /// From 1 s to so many hours.
  case duration(hours: Int)
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  /// A text that is no closed word; what it is, as a noun.
  case text(String)
  /// One of these words.
  case words([String])
  /// So many elements of one shape.
  case list(Shape, ClosedRange<Int>)
  /// A mapping with these keys.
  case block(BlockDescription)
  /// One of these words, as the only key of a mapping with its settings; alone, too, unless settings
  /// are required.
  case choice([Setting])
  /// A mapping of free keys, which are what the text says, to values of one shape.
  case named(String, Shape)
  /// One of several shapes.
  case either([Shape])

  /// The blocks that can stand here, without those inside them.
  package var blocks: [BlockDescription] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words: []
    case .list(let element, _), .named(_, let element): element.blocks
    case .block(let block): [block]
    case .choice(let words): words.flatMap(\.shape.blocks)
    case .either(let shapes): shapes.flatMap(\.blocks)
    }
  }
}
