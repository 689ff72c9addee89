import NumericCore
import Storage

/// A division of rows into parts: a function of the labels, the sizes and the seed alone.
///
/// Sizes are exact: ⌊fraction · rows + ½⌋ or the given number for validation and test, the
/// rest for training. The rows of each part are in ascending order.
///
/// For classification the split is stratified: each class sends its share to each part, by the
/// method of Webster. Where the sizes allow, a class of at least as many samples as there are parts
/// is in every part, and a smaller one is in the training part first.
///
/// Rows in groups stay together: whole groups are divided, and sizes count groups. So a network is
/// never tested on points of a curve of which it has seen others.
package struct Split: Sendable, Equatable {
  package let train: [Int32]
  package let validation: [Int32]
  package let test: [Int32]

  /// Divides the rows of `targets`, which are of the file `source`. Without a size, a part is empty.
  /// - Throws: `DatasetError` for a size out of range, a part without rows, or nothing left for
  ///   training.
  package init(
    _ targets: Dataset.Targets, of source: String? = nil, validation: PartSize?, test: PartSize?,
    seed: UInt64
  ) throws(DatasetError) {
    try self.init(
      targets, of: source, unit: .row, validation: validation, test: test, seed: seed)
  }

  /// Divides `groups` groups of `rowsPerGroup` rows each, from the first row on.
  /// - Throws: as for single rows.
  package init(
    groups: Int, rowsPerGroup: Int, validation: PartSize?, test: PartSize?, seed: UInt64
  ) throws(DatasetError) {
    let units = Dataset.Targets.values(.float32(Matrix(rows: groups, columns: 1)))
    let split = try Split(
      units, of: nil, unit: .group, validation: validation, test: test, seed: seed)
    func rows(_ groups: [Int32]) -> [Int32] {
      let size = Int32(rowsPerGroup)
      return groups.flatMap { ($0 * size)..<(($0 + 1) * size) }
    }
    self.train = rows(split.train)
    self.validation = rows(split.validation)
    self.test = rows(split.test)
  }

  /// Divides rows by the hash of each alone, so that a row is in the same part whatever rows there are
  /// beside it; equal rows, or rows of one key, are in one part. Sizes are fractions and about right.
  ///
  /// - Throws: `DatasetError` for a part without rows.
  init(
    hashes: [UInt64], by rule: SplitRule, of source: String, validation: PartSize?,
    test: PartSize?, seed: UInt64
  ) throws(DatasetError) {
    func share(_ size: PartSize?) -> Double {
      if case .fraction(let fraction)? = size { fraction } else { 0 }
    }
    let salt = RowHash.mixed(seed)
    let (test, both) = (share(test), share(test) + share(validation))
    var parts: [DataPartName: [Int32]] = [:]
    for (row, hash) in hashes.enumerated() {
      // From 0 to below 1.
      let place = Double(RowHash.mixed(hash ^ salt) >> 11) * 0x1p-53
      parts[place < test ? .test : place < both ? .validation : .train, default: []]
        .append(Int32(row))
    }
    for (part, size) in [(DataPartName.validation, both - test), (.test, test), (.train, 1)]
    where size > 0 && parts[part] == nil {
      throw .at(
        source,
        "split: no row of \(hashes.count) falls into the \(part.rawValue) part by "
          + (rule == .content
            ? "its content; give more rows, or a larger share"
            : "its key (there \(Set(hashes).count == 1 ? "is" : "are") "
              + "\(counted(Set(hashes).count, "key"))); give more keys, or a larger share"))
    }
    self.train = parts[.train] ?? []
    self.validation = parts[.validation] ?? []
    self.test = parts[.test] ?? []
  }

  private init(
    _ targets: Dataset.Targets, of source: String?, unit: SplitUnit, validation: PartSize?,
    test: PartSize?,
    seed: UInt64
  ) throws(DatasetError) {
    let total = targets.rows
    let validationCount = try Self.count(
      validation, of: total, unit, in: source, part: .validation)
    let testCount = try Self.count(test, of: total, unit, in: source, part: .test)
    let (held, overflow) = validationCount.addingReportingOverflow(testCount)
    guard !overflow, held < total else {
      throw .setting(
        .split,
        problem:
          "\(counted(validationCount, unit.rawValue)) for validation and \(testCount) for test leave none of "
          + "\(total)\(source.map { " in \($0)" } ?? "") for training; make them smaller")
    }

    // Rows of one stratum each; without classes all rows are one.
    var strata: [[Int32]]
    switch targets {
    case .classes(let labels, let names):
      strata = Array(repeating: [], count: names.count)
      for (row, label) in labels.enumerated() { strata[Int(label)].append(Int32(row)) }
    case .values(let values):
      strata = [(0..<values.rows).map { Int32($0) }]
    }
    let counts = Self.counts(
      strata: strata.map(\.count), validation: validationCount, test: testCount)

    var part: [DataPartName] = Array(repeating: .train, count: total)
    for (i, rows) in strata.enumerated() {
      var generator = Philox(seed: seed, purpose: .split, index: UInt64(i))
      let order = generator.permutation(rows.count)
      let (test, validation) = (counts.test[i], counts.validation[i])
      for j in order[..<test] { part[Int(rows[j])] = .test }
      for j in order[test..<(test + validation)] { part[Int(rows[j])] = .validation }
    }
    func rows(_ name: DataPartName) -> [Int32] {
      part.indices.lazy.filter { part[$0] == name }.map { Int32($0) }
    }
    self.train = rows(.train)
    self.validation = rows(.validation)
    self.test = rows(.test)
  }

  private static func count(
    _ size: PartSize?, of total: Int, _ unit: SplitUnit, in source: String?, part: DataPartName
  ) throws(DatasetError) -> Int {
    guard let size else { return 0 }
    let setting: DataSetting = part == .test ? .testShare : .validationShare
    guard let count = size.count(of: total) else {
      throw .setting(
        setting,
        problem: "\(size) is out of range; give a fraction between 0 and 1, or a whole number of "
          + unit.plural)
    }
    guard count > 0 else {
      throw .setting(
        setting,
        problem:
          "\(size) of \(counted(total, unit.rawValue))\(source.map { " in \($0)" } ?? "") is none; give it a larger share"
      )
    }
    return count
  }

  /// How many rows of each stratum go to validation and to test.
  private static func counts(
    strata: [Int], validation: Int, test: Int
  ) -> (validation: [Int], test: [Int]) {
    let others = (validation > 0 ? 1 : 0) + (test > 0 ? 1 : 0)
    // A stratum that can be in every part; a smaller one keeps a row for training.
    let fits = strata.map { $0 > others }
    // The test part leaves room for training and validation, the validation part for training.
    let testMost = zip(strata, fits).map { $1 ? $0 - others : max(0, $0 - 1) }
    let test = SeatDivision.seats(
      test, weights: strata, least: fits.map { $0 ? 1 : 0 }, most: testMost, capacity: strata)
    let left = zip(strata, test).map { $0 - $1 }
    let validation = SeatDivision.seats(
      validation, weights: strata, least: fits.map { $0 ? 1 : 0 },
      most: left.map { max(0, $0 - 1) }, capacity: left)
    return (validation, test)
  }
}

/// What a split divides.
private enum SplitUnit: String {
  /// Single rows.
  case row
  /// Rows that belong together: those of one sample of a generator's parameters.
  case group = "parameter sample"

  /// The word for several.
  var plural: String { rawValue + "s" }
}
