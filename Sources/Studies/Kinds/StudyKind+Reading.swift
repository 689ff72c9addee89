import Schedules
import Storage

/// Of which kind a study is that somebody has written.
extension StudyKind {
  /// What `field`, a study, says of itself. Nil where that is wrong, or missing beside keys of a kind that has to be
  /// said; it is reported.
  init?(of field: Field) {
    guard let own = field.member("kind") else {
      self = .pruning
      if let key = Self.strangeKey(in: field) {
        let likely = Self.likely(for: field)
        if likely == .pruning { return }
        field.context.report(
          .key(.ofKind(key.key, kind: likely.rawValue)), at: key.keyPosition,
          path: field.pathOfMember(key.key))
        return nil
      }
      return
    }
    let words = Self.allCases.map(\.rawValue)
    if let word = own.plainText, Self(rawValue: word) == nil,
      nearestWord(to: word, among: words) == nil
    {
      let likely = Self.likely(for: field)
      own.report(
        .unknownWord(
          word, what: "kind of study", nearest: likely == .pruning ? nil : likely.rawValue,
          allowed: words))
      return nil
    }
    guard let kind = StudySettings.kindForm.read(own) else { return nil }
    self = kind
  }

  /// The kind that `field` has the fewest keys against; of several the first, which is pruning.
  static func likely(for field: Field) -> StudyKind {
    let wrong = allCases.map { kind in
      let keys = Set(StudySettings.description(of: kind).keys)
      return field.entries.count { !keys.contains($0.key) }
    }
    let least = wrong.min()
    return zip(allCases, wrong).first { $0.1 == least }?.0 ?? .pruning
  }

  /// The first key that a study of ways to prune does not have.
  private static func strangeKey(in field: Field) -> YAMLNode.Entry? {
    let keys = Set(StudySettings.description.keys)
    return field.entries.first { !keys.contains($0.key) }
  }
}

extension Field {
  /// Those of a mapping; none of anything else.
  fileprivate var entries: [YAMLNode.Entry] {
    if case .mapping(let entries) = node.content { entries } else { [] }
  }
}
