import Scheduler

/// The one of `words` that `text` was most likely meant to be; nil where even the nearest has
/// little of it: neither its first letter nor two of its pairs of neighbouring letters.
package func nearestWord(to text: String, among words: [String]) -> String? {
  guard let word = nearestName(to: text, among: words) else { return nil }
  if let first = text.first, word.lowercased().first == first.lowercased().first { return word }
  return pairs(of: text).intersection(pairs(of: word)).count >= 2 ? word : nil
}

/// Each two letters that stand side by side in the first 64, lower case.
private func pairs(of text: String) -> Set<[Character]> {
  let letters = Array(text.lowercased().prefix(64))
  return Set(zip(letters, letters.dropFirst()).map { [$0, $1] })
}
