extension DataParts {
  /// The share of the test part that is of the most frequent class of the training part: the accuracy of saying it of
  /// every row. Nil for numbers, and without a test part.
  package var guessAccuracy: Double? {
    guard case .classes(let labels, let names) = train.dataset.targets, let test, test.count > 0,
      case .classes(let tested, _) = test.dataset.targets
    else { return nil }
    var counts = Array(repeating: 0, count: names.count)
    for row in train.rows { counts[Int(labels[Int(row)])] += 1 }
    guard let largest = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return nil }
    return Double(test.rows.count { Int(tested[Int($0)]) == largest }) / Double(test.count)
  }
}
