/// The name that somebody who wrote `wanted` most likely meant, nil where none is near.
///
/// Near means a Levenshtein distance of at most a third of the longer name (at least one), upper
/// and lower case being the same; the first of equally near names is taken.
package func nearestName(to wanted: String, among names: some Sequence<String>) -> String? {
  let target = Array(wanted.lowercased().unicodeScalars.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names.prefix(10_000) {
    let candidate = Array(name.lowercased().unicodeScalars.prefix(64))
    let distance = editDistance(target, candidate)
    let allowed = max(1, max(target.count, candidate.count) / 3)
    if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}

/// Fewest insertions, deletions and substitutions from one text to the other.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let cost = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[b.count]
}
