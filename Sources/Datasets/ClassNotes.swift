import Storage

/// What is odd about the classes of a data set, as sentences.
enum ClassNotes {
  /// Numbers as labels that are so many, or so many for the rows, look like amounts.
  private static let manyNumbers = 200
  private static let someNumbers = 30
  private static let rowsPerClass = 10

  /// The sentences for the classes `names` of which `labels` has the index for each row.
  ///
  /// - Parameter place: the file, and its column where there are several.
  static func notes(place: String, labels: [Int32], names: [String]) -> [String] {
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    var notes: [String] = []
    let numbers = names.allSatisfy { Int128($0) != nil }
    let few = names.count >= someNumbers && labels.count < rowsPerClass * names.count
    if numbers, names.count >= manyNumbers || few {
      notes.append(
        "\(place): the labels are \(names.count) different numbers, which looks like amounts rather than "
          + "classes; if they are, write task: regression")
    }
    if let alike = alike(names) { notes.append("\(place): \(note(alike))") }
    let single = names.indices.filter { counts[$0] == 1 }
    if !single.isEmpty, !(numbers && few) {
      notes.append(
        single.count == 1
          ? "\(place): the class \(excerpt(names[single[0]])) has one sample, which is too few to learn it "
            + "or to measure it; check the label, or add samples"
          : "\(place): \(single.count) classes have one sample each (\(excerpts(single.map { names[$0] }))), "
            + "which is too few to learn or to measure them; check the labels, or add samples")
    }
    return notes
  }

  /// The names of the first classes that read alike.
  private static func alike(_ names: [String]) -> [String]? {
    var groups: [String: [String]] = [:]
    for name in names { groups[name.asRead, default: []].append(name) }
    return groups.values.filter { $0.count > 1 }
      .min { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }
  }

  private static func note(_ alike: [String]) -> String {
    let isVisible = Set(alike).count == alike.count
    let shown =
      isVisible ? excerpts(alike) : alike.map { "\"\($0.showingScalars)\"" }.joined(separator: ", ")
    return "the classes \(shown) differ in "
      + (isVisible ? "capitals or spaces only" : "how the same characters are encoded")
      + ", and each is a class of its own; correct the labels if they mean the same"
  }
}
