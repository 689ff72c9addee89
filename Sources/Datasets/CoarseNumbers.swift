/// Whole numbers beyond 2^53, which float64 does not tell apart.
enum CoarseNumbers {
  /// From here on float64 does not hold every whole number.
  static let limit = 0x1p53

  /// A sentence for each column of `examples`, which has such a number.
  ///
  /// - Parameters:
  ///   - names: of the columns, where they have some.
  ///   - role: what a column is called that has none.
  static func notes(
    _ examples: [Int: String], file: String, names: [String]?, role: String
  ) -> [String] {
    examples.sorted { $0.key < $1.key }.map { column, example in
      let place = names.map { DataColumn(index: column, name: $0[column]).description }
      return
        "\(file), \(place ?? "\(role) \(column)"): whole numbers beyond 2^53 such as \(example) lose their "
        + "last digits, so that different ones can become one; subtract a constant from them, or leave "
        + "them out where they only name the rows"
    }
  }
}
