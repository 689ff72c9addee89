/// Addresses in the settings of nights. Whoever reads one can call it, so what is recorded of a schedule has
/// another one in its place.
package enum HiddenAddress {
  /// What stands in place of one; it leads nowhere.
  ///
  /// Source: RFC 2606, the domain `.invalid`.
  package static let substitute = "https://hidden.invalid/"

  /// The addresses in `text`: what has `://` in it, up to blanks, quotes and the like.
  package static func found(in text: String) -> [String] {
    text.split { $0.isWhitespace || "\"'<>|;()`".contains($0) }.compactMap { word in
      guard let marker = word.range(of: "://") else { return nil }
      var word = word
      // In `--url=https://…`, and in `nightly.monitor.ping=https://…`.
      if let sign = word[..<marker.lowerBound].lastIndex(of: "=") {
        word = word[word.index(after: sign)...]
      }
      while let first = word.first, "[{,".contains(first) { word.removeFirst() }
      while let last = word.last,
        last == "," || closes(word, "{", last, "}") || closes(word, "[", last, "]")
      { word.removeLast() }
      return String(word)
    }
  }

  /// Whether `last` closes a bracket that is not opened in `word`.
  private static func closes(
    _ word: Substring, _ open: Character, _ last: Character, _ close: Character
  ) -> Bool {
    last == close && word.count { $0 == open } < word.count { $0 == close }
  }

  /// `text` with the substitute in place of each address.
  package static func masked(_ text: String) -> String { masked(text, found(in: text)) }

  /// `text` with the substitute in place of each of `addresses`.
  package static func masked(_ text: String, _ addresses: [String]) -> String {
    addresses.sorted { ($0.count, $0) > ($1.count, $1) }
      .reduce(text) { $0.replacing($1, with: substitute) }
  }
}

extension NightlySettings {
  /// Texts that may hold addresses.
  private var texts: [WrittenText] {
    hooks.hooks.values.flatMap(\.command) + [monitor.ping].compactMap { $0 }
  }

  /// What is wrong where a variable is not set that a night needs; whoever only looks at a job needs none.
  package func problems(in file: String) -> ScheduleError? {
    let problems = texts.compactMap { text in
      text.lack.flatMap { lack in
        text.place.map { ScheduleProblem($0.position, path: $0.path, .value(lack)) }
      }
    }
    return problems.isEmpty ? nil : .sorted(file: file, problems)
  }

  /// The bytes of the schedule as they are recorded: with other addresses than those of the settings.
  package func recorded(_ bytes: [UInt8]) -> [UInt8] {
    let addresses = texts.flatMap { HiddenAddress.found(in: $0.written) }
    if addresses.isEmpty { return bytes }
    return Array(HiddenAddress.masked(String(decoding: bytes, as: UTF8.self), addresses).utf8)
  }

  /// Overrides as they are recorded: those of these settings with other addresses.
  package func recorded(_ overrides: [String]) -> [String] {
    overrides.map { $0.hasPrefix("nightly") ? HiddenAddress.masked($0) : $0 }
  }

  /// What nobody may read in a log: addresses, and what came out of the environment.
  package var secrets: [String] {
    texts.flatMap { text in
      // A text that is made of variables alone is a secret as a whole.
      text.variables + HiddenAddress.found(in: text.value)
        + (text.variables.isEmpty ? [] : [text.value])
    }
  }
}
