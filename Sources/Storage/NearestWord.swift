/// The one of `words` that `text` was most likely meant to be: the one at the least edit distance,
/// upper and lower case being the same, the first of several. Nil where even that has little of
/// `text`: neither its first letter nor two of its pairs of neighbouring letters.
///
/// Only the first 64 letters and the first 10,000 words count, so that a hostile file costs no time.
package func nearestWord(to text: String, among words: some Sequence<String>) -> String? {
  let wanted = letters(text)
  var best: (word: String, letters: [Character], distance: Int)?
  for word in words.prefix(10_000) {
    let candidate = letters(word)
    let distance = editDistance(wanted, candidate)
    if distance < best?.distance ?? .max { best = (word, candidate, distance) }
  }
  guard let best else { return nil }
  if let first = wanted.first, first == best.letters.first { return best.word }
  return pairs(wanted).intersection(pairs(best.letters)).count >= 2 ? best.word : nil
}

private func letters(_ text: String) -> [Character] { Array(text.prefix(64).lowercased()) }

/// Each two letters that stand side by side.
private func pairs(_ letters: [Character]) -> Set<[Character]> {
  Set(zip(letters, letters.dropFirst()).map { [$0, $1] })
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
