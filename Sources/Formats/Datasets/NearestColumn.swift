/// The name that somebody who wrote `wanted` most likely meant, nil where none is near.
///
/// Near means that at most a third of the longer name (at least one letter) has to be changed;
/// upper and lower case are the same, and the first of equally near names is taken.
package func nearestColumn(to wanted: String, among names: some Sequence<String>) -> String? {
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

/// Fewest insertions, deletions, substitutions and swaps of neighbours from one text to the other
/// (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  // Distances from the first i - 2, i - 1 and i letters of `a` to all beginnings of `b`.
  var older: [Int] = []
  var old = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(old[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, old[j + 1] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, older[j - 1] + 1) }
      row.append(least)
    }
    older = old
    old = row
  }
  return old[b.count]
}
