/// The name that `name` was most likely meant to be: the one at the least edit distance, the first
/// of several; nil if there are no names.
///
/// Only the first 64 characters count, so that a hostile schedule costs no time.
package func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = Array(name.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in names {
    let distance = editDistance(wanted, Array(candidate.prefix(64)))
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.name
}

/// The least number of insertions, deletions and substitutions between two texts (Levenshtein).
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var row = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in right.indices {
      let substituted = diagonal + (character == right[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, min(row[j], diagonal) + 1)
    }
  }
  return row[right.count]
}
