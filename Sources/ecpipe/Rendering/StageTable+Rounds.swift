/// Which rounds have no rows.
extension StageTable {
  /// Rounds of a stage that all have rows.
  private static let mostRounds = 4

  /// For each stage, of those called `names`, in a round between the first and the last what stands in the place
  /// of its row: nothing, or, for the first of them, which rounds are left out.
  package static func foldedRounds(of names: [String]) -> [String: String] {
    func place(_ name: String) -> (stage: Substring, round: Substring)? {
      let parts = name.split(separator: "/")
      guard parts.count == 3, parts[1].allSatisfy(\.isNumber) else { return nil }
      return (parts[0], parts[1])
    }
    var rounds: [Substring: [Substring]] = [:]
    for case let place? in names.map(place) where rounds[place.stage]?.last != place.round {
      rounds[place.stage, default: []].append(place.round)
    }
    var folded: [String: String] = [:]
    var told: Set<Substring> = []
    for name in names {
      guard let place = place(name), let all = rounds[place.stage], all.count > mostRounds,
        place.round != all.first, place.round != all.last
      else { continue }
      folded[name] =
        told.insert(place.stage).inserted
        ? "\(place.stage)/\(all[1]) … \(all[all.count - 2])" : ""
    }
    return folded
  }
}
