/// A line of a running job that fits a width: what it says, in an order, and what is left out first.
package struct StatusLine: Equatable {
  /// What a field is about, in the order in which fields stand in the line.
  package enum Role: Int, CaseIterable {
    case position, name, share, bar, epoch, weights, loss, metric, files, recovery, speed, seconds
    case stageLeft, jobLeft
  }

  /// A piece of the line.
  package struct Field: Equatable {
    package let role: Role
    /// What it says; of a bar nothing.
    package let text: String
    /// How full a bar is, 0 to 1.
    package let share: Double

    package init(_ role: Role, _ text: String) { (self.role, self.text, share) = (role, text, 0) }

    /// A bar that is filled up to `share`.
    package init(barUpTo share: Double) {
      (role, text, self.share) = (.bar, "", min(1, max(0, share)))
    }
  }

  /// A field in its place, with the cells that it takes.
  package struct Piece: Equatable {
    package let role: Role
    package let text: String
    /// Cells of the text that are filled, of a bar.
    package let filled: Int
  }

  /// The order in which fields are left out where the line is too short: the first goes first. Stage and
  /// position stay; the name loses its beginning before anything goes, as far as `leastName`.
  package static let dropped: [Role] = [
    .files, .speed, .stageLeft, .loss, .recovery, .seconds, .weights, .metric, .jobLeft, .share,
    .bar,
    .epoch,
  ]

  /// The narrowest and the widest bar.
  package static let barWidths = 6...24
  /// Cells that are left of a long name.
  package static let leastName = 10
  private static let gap = 2

  private let fields: [Field]

  /// - Parameter fields: in any order; several of one role stand in theirs.
  package init(_ fields: [Field]) {
    self.fields = fields.enumerated().sorted {
      ($0.element.role.rawValue, $0.offset) < ($1.element.role.rawValue, $1.offset)
    }.map(\.element)
  }

  /// The text of the line in at most `width` cells; nil for as many as it takes.
  package func text(width: Int?) -> String {
    var text = ""
    for piece in pieces(width: width) {
      if !text.isEmpty { text += blanks(Self.distance(before: piece.role)) }
      text += piece.text
    }
    return text
  }

  /// The fields that fit into `width` cells; nil for as many as they take.
  package func pieces(width: Int?) -> [Piece] {
    guard let width else {
      return fields.map { piece($0, nameWidth: .max, barWidth: Self.barWidths.lowerBound) }
    }
    var kept = fields
    for role in Self.dropped {
      while Self.least(kept) > width, let last = kept.lastIndex(where: { $0.role == role }) {
        kept.remove(at: last)
      }
    }
    // First the name gets what is to spare, then the bar.
    let name = kept.first { $0.role == .name }?.text.displayWidth ?? 0
    var spare = width - Self.least(kept)
    let nameWidth = max(0, min(name, min(name, Self.leastName) + spare))
    spare -= max(0, nameWidth - min(name, Self.leastName))
    let barWidth = min(Self.barWidths.upperBound, Self.barWidths.lowerBound + max(0, spare))
    return kept.map { piece($0, nameWidth: nameWidth, barWidth: barWidth) }
  }

  private func piece(_ field: Field, nameWidth: Int, barWidth: Int) -> Piece {
    switch field.role {
    case .name:
      return Piece(role: .name, text: field.text.clippedAtStart(to: nameWidth), filled: 0)
    case .bar:
      let filled = Int(field.share * Double(barWidth))
      let text =
        String(repeating: "━", count: filled) + String(repeating: "─", count: barWidth - filled)
      return Piece(role: .bar, text: text, filled: filled)
    default: return Piece(role: field.role, text: field.text, filled: 0)
    }
  }

  /// The cells that `fields` need at least.
  private static func least(_ fields: [Field]) -> Int {
    let widths = fields.map { field in
      switch field.role {
      case .name: min(leastName, field.text.displayWidth)
      case .bar: barWidths.lowerBound
      default: field.text.displayWidth
      }
    }
    return zip(fields, widths).enumerated().reduce(0) { sum, entry in
      sum + entry.element.1
        + (entry.offset == 0 ? 0 : distance(before: entry.element.0.role))
    }
  }

  /// Blanks before a field that is not the first.
  package static func distance(before role: Role) -> Int { role == .name ? 1 : gap }
}
