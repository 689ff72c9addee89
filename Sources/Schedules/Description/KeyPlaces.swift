/// Where keys stand, for whoever asks what one means.
extension BlockDescription {
  /// A setting with the keys that lead to it, its own the last.
  package struct Place: Sendable {
    package let keys: [String]
    package let setting: Setting
    /// Whether it is a word of a choice, such as a kind of stages, which is a key with the word's settings.
    package var isChoice = false

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

  /// `places`, and with each the words of choices that can stand there, such as the kinds of stages: these are
  /// keys as well.
  fileprivate var allPlaces: [Place] {
    places.flatMap { place in
      [place]
        + place.setting.shape.choices.map {
          Place(keys: place.keys + [$0.key], setting: $0, isChoice: true)
        }
    }
  }

  /// What is found of a path of keys.
  package enum Lookup: Sendable {
    /// The settings that it leads to.
    case found([Place])
    /// No setting has its first key.
    case unknown(String)
    /// The first keys lead to `under`, where no setting has the next one, `key`, but those `allowed`.
    case unknownInside(key: String, under: String, allowed: [String])
  }

  /// What `path` leads to, such as `early_stop`, `alternate.finetune`, or, from the top,
  /// `stages[0].train.early_stop.patience`: its first key may stand anywhere, each further one right inside the
  /// one before. Positions of elements play no part.
  package func lookup(_ path: String) -> Lookup {
    let wanted = path.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
      .filter { !$0.isEmpty && !$0.allSatisfy(\.isNumber) }
    guard let first = wanted.first else { return .unknown(path) }
    var reached = allPlaces.filter { $0.keys.last == first }
    guard !reached.isEmpty else { return .unknown(first) }
    for key in wanted.dropFirst() {
      let next = reached.flatMap { $0.inside(key) }
      guard !next.isEmpty else {
        var allowed: [String] = []
        for own in reached.flatMap(\.setting.shape.keys) where !allowed.contains(own) {
          allowed.append(own)
        }
        return .unknownInside(key: key, under: reached[0].path, allowed: allowed)
      }
      reached = next
    }
    var seen: Set<String> = []
    return .found(reached.filter { seen.insert($0.path + "\n" + $0.setting.summary).inserted })
  }
}

extension BlockDescription.Place {
  /// The settings called `key` right inside this one; of free keys the setting of what stands under them is
  /// this one.
  fileprivate func inside(_ key: String) -> [Self] {
    let choices = setting.shape.choices.map(\.key)
    return setting.shape.inside(key).map { found in
      Self(
        keys: keys + [key], setting: found ?? setting.with(setting.shape.element),
        isChoice: choices.contains(key))
    }
  }
}

extension Setting {
  /// The same of a value of another shape.
  fileprivate func with(_ shape: Shape) -> Setting {
    var setting = Setting(
      key, shape, absence, summary, changesResult: changesResult, examples: examples, beside: beside
    )
    setting.origin = origin
    return setting
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

  /// The settings that `key` stands for right here; nil among them for a free key.
  fileprivate func inside(_ key: String) -> [Setting?] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words: []
    case .list(let element, _): element.inside(key)
    case .named: [nil]
    case .block(let block): block.settings.filter { $0.key == key }
    case .choice(let words): words.filter { $0.key == key }
    case .either(let shapes): shapes.flatMap { $0.inside(key) }
    }
  }

  /// The keys that can stand right here, free ones aside.
  fileprivate var keys: [String] {
    switch self {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words, .named: []
    case .list(let element, _): element.keys
    case .block(let block): block.keys
    case .choice(let words): words.map(\.key)
    case .either(let shapes): shapes.flatMap(\.keys)
    }
  }

  /// What stands under a free key here; elsewhere the shape itself.
  fileprivate var element: Shape {
    switch self {
    case .named(_, let element): element
    case .list(let element, _): element.element
    case .either(let shapes):
      shapes.lazy.map(\.element).first { own in
        if case .block = own { true } else { false }
      } ?? self
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words, .block, .choice:
      self
    }
  }
}
