/// Whole numbers beyond 2^53, which float64 does not tell apart.
enum CoarseNumbers {
  /// From here on float64 does not hold every whole number.
  static let limit = 0x1p53

  /// The Double that stands for a whole number, of which `value` is the nearest Double and `single` the nearest Float:
  /// `value`, or the one beside it where `value` would be rounded to another Float.
  ///
  /// Just beside the middle of two Floats, the nearest Double can be the middle itself, which no longer says on which
  /// side the number was. So numbers that are not scaled would be rounded twice.
  static func nearest(_ value: Double, _ single: Float) -> Double {
    let rounded = Float(value)
    if rounded == single { return value }
    return single > rounded ? value.nextUp : value.nextDown
  }

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
