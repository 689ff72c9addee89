import Schedules

/// What a key of a schedule means, in lines for a person.
package struct KeyText {
  private let width: Int

  /// Most meanings that are told at length; other places are only named.
  private static let mostTold = 3

  /// - Parameter width: cells that a line may have; nil for as many as it takes.
  package init(width: Int?) { self.width = width ?? .max }

  /// The keys of `block`, each with a sentence.
  package func overview(of block: BlockDescription) -> [String] {
    block.settings.flatMap { told($0, key: $0.key) }
  }

  /// The lines for the settings at `places`: each meaning once, at length, then where else the key stands.
  package func lines(of places: [BlockDescription.Place]) -> [String] {
    var told: [BlockDescription.Place] = []
    for place in places where told.count < Self.mostTold {
      if !told.contains(where: { $0.setting.summary == place.setting.summary }) {
        told.append(place)
      }
    }
    let others = places.map(\.path).filter { path in !told.contains { $0.path == path } }
    let also =
      others.isEmpty
      ? []
      : [""]
        + WrappedText.lines("also: " + others.joined(separator: ", "), width: width, indent: 2)
    return told.map(all).joined(separator: [""]) + also
  }

  private func all(_ place: BlockDescription.Place) -> [String] {
    let setting = place.setting
    var lines = [place.path] + wrapped(setting.summary)
    lines += wrapped("allowed: \(setting.shape.words)")
    lines += wrapped(place.isChoice ? alone(setting) : "without it: \(setting.absenceWords)")
    if !setting.changesResult {
      lines += wrapped("Another value changes nothing that is computed.")
    }
    for block in setting.shape.blocks where !block.settings.isEmpty {
      lines += ["", "\(block.name):"] + block.settings.flatMap { told($0, key: "  " + $0.key) }
    }
    return lines
  }

  /// What holds where a word of a choice stands without settings.
  private func alone(_ setting: Setting) -> String {
    guard setting.isRequired else { return "without settings: \(setting.absenceWords)" }
    let hint = setting.shape.blocks.contains(where: \.demandsNoKey)
    return "without settings: an error" + (hint ? "; \(BlockDescription.emptyHint)" : "")
  }

  /// A key with its meaning in a line or two.
  private func told(_ setting: Setting, key: String) -> [String] {
    let indent = key.prefix { $0 == " " }.count + 4
    return [key]
      + WrappedText.lines(setting.summary, width: max(20, width - indent)).map {
        blanks(indent) + $0
      }
  }

  private func wrapped(_ text: String) -> [String] {
    WrappedText.lines(text, width: max(20, width - 2), indent: 2).map { "  " + $0 }
  }
}
