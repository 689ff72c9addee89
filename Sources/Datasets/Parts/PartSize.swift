/// The parts of a data set.
package enum DataPartName: String, Sendable, CaseIterable {
  /// For fitting weights and scaling.
  case train
  /// For metrics while training.
  case validation
  /// For the final judgement alone.
  case test
}

/// How much of the rows goes into a part.
package enum PartSize: Sendable, Equatable {
  /// ⌊fraction · rows + ½⌋ rows; more than 0 and less than 1.
  case fraction(Double)
  /// So many rows, at least one.
  case rows(Int)

  /// Reads a number as written in a schedule: below 1 a fraction, else a whole number of rows.
  /// Nil for anything else.
  package init?(_ number: Double) {
    if number > 0, number < 1 {
      self = .fraction(number)
    } else if number >= 1, let rows = Int(exactly: number) {
      self = .rows(rows)
    } else {
      return nil
    }
  }

  /// How many of `total` rows, nil where the size is out of its range.
  func count(of total: Int) -> Int? {
    switch self {
    case .fraction(let fraction):
      fraction > 0 && fraction < 1 ? Int((fraction * Double(total) + 0.5).rounded(.down)) : nil
    case .rows(let rows):
      rows >= 1 ? rows : nil
    }
  }
}

extension PartSize: CustomStringConvertible {
  /// The number alone.
  package var description: String {
    switch self {
    case .fraction(let fraction): "\(fraction)"
    case .rows(let rows): "\(rows)"
    }
  }
}
