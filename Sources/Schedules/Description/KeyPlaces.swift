/// Where keys stand, for whoever asks what one means.
extension BlockDescription {
  /// A setting with the keys that lead to it, its own the last.
  package struct Place: Sendable {
    package let keys: [String]
    package let setting: Setting

    /// As a schedule's key paths are written: `stages.alternate.sparsity.to`.
    package var path: String { keys.joined(separator: ".") }
  }

  /// Every setting inside this block, those nearest the top first; a block that stands in several places is
  /// gone through at each of the shortest of them.
  package var places: [Place] {
    var found: [Place] = []
    var open: [(keys: [String], block: BlockDescription)] = [([], self)]
    var seen: [String: Int] = [name: 0]
    while !open.isEmpty {
      var inner: [(keys: [String], block: BlockDescription)] = []
      for (keys, block) in open {
        for setting in block.settings {
          let own = keys + [setting.key]
          found.append(Place(keys: own, setting: setting))
          for (more, next) in setting.shape.mappings {
            let way = own + more
            guard seen[next.name, default: way.count] >= way.count else { continue }
            seen[next.name] = way.count
            inner.append((way, next))
          }
        }
      }
      open = inner
    }
    return found
  }

  /// The settings whose key paths end in `path`, such as `early_stop` or `alternate.finetune`; words of a choice,
  /// such as the kinds of stages, are keys as well.
  package func places(endingIn path: String) -> [Place] {
    let wanted = path.split(separator: ".").map(String.init)
    guard !wanted.isEmpty else { return [] }
    return places.flatMap { place in
      [place]
        + place.setting.shape.choices.map { Place(keys: place.keys + [$0.key], setting: $0) }
    }.filter { $0.keys.suffix(wanted.count) == wanted[...] }
  }
}

extension Shape {
  /// The mappings that can stand here, each with the words of choices that lead to it.
  fileprivate var mappings: [(keys: [String], block: BlockDescription)] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words: []
    case .list(let element, _): element.mappings
    case .named(let names, let element):
      element.mappings.map { (["(\(names))"] + $0.keys, $0.block) }
    case .block(let block): [([], block)]
    case .choice(let words):
      words.flatMap { word in word.shape.mappings.map { ([word.key] + $0.keys, $0.block) } }
    case .either(let shapes): shapes.flatMap(\.mappings)
    }
  }

  /// The words of which one can be the key of a mapping here.
  fileprivate var choices: [Setting] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words, .block, .named: []
    case .list(let element, _): element.choices
    case .choice(let words): words
    case .either(let shapes): shapes.flatMap(\.choices)
    }
  }
}
