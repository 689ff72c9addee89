/// Where keys stand that somebody has written too far outside.
extension BlockDescription {
  /// How deep it is looked for a key.
  private static let deepest = 3

  /// The keys, from the outermost, under which `key` can stand inside this block; the shortest way, of as
  /// short ones the first. Nil where there is none.
  func way(to key: String) -> [String]? {
    var ways: [(keys: [String], block: BlockDescription)] = [([], self)]
    for _ in 0..<Self.deepest {
      ways = ways.flatMap { way in
        way.block.settings.flatMap { setting in
          setting.shape.inner.map { (way.keys + [setting.key] + $0.keys, $0.block) }
        }
      }
      if let found = ways.first(where: { $0.block.keys.contains(key) }) { return found.keys }
    }
    return nil
  }
}

extension Shape {
  /// The mappings that can stand here, each with the keys before it.
  fileprivate var inner: [(keys: [String], block: BlockDescription)] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words: return []
    // Of several elements nobody knows which is meant.
    case .list, .named: return []
    case .block(let block): return [([], block)]
    case .choice(let words):
      // Of several words nobody knows which is meant, so only a key that all of them have is told.
      guard let first = words.first, case .block(let block) = first.shape else { return [] }
      let shared = block.settings.filter { own in
        words.allSatisfy { $0.shape.blocks.contains { $0.keys.contains(own.key) } }
      }
      return shared.isEmpty
        ? [] : [([first.key], BlockDescription(block.name, block.summary, shared))]
    case .either(let shapes): return shapes.flatMap(\.inner)
    }
  }
}
