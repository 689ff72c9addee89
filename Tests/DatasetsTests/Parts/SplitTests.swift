import Datasets
import NumericCore
import Testing

@Suite("Split")
struct SplitTests {
  /// Labels of `counts[c]` rows for class c, mixed.
  private func classes(_ counts: [Int]) -> Dataset.Targets {
    var labels = counts.enumerated().flatMap { Array(repeating: Int32($0), count: $1) }
    var generator = Philox(seed: 3, purpose: .derivation)
    labels = generator.permutation(labels.count).map { labels[$0] }
    return .classes(labels, names: counts.indices.map { "\($0)" })
  }

  private func values(_ rows: Int) -> Dataset.Targets {
    .values(.float32(Matrix(rows: rows, columns: 1)))
  }

  /// How many rows of each class are in a part.
  private func counts(_ rows: [Int32], _ targets: Dataset.Targets) -> [Int] {
    guard case .classes(let labels, let names) = targets else { return [rows.count] }
    var counts = Array(repeating: 0, count: names.count)
    for row in rows { counts[Int(labels[Int(row)])] += 1 }
    return counts
  }

  private func expectPartition(_ split: Split, of rows: Int) {
    #expect((split.train + split.validation + split.test).sorted() == (0..<rows).map { Int32($0) })
    for part in [split.train, split.validation, split.test] { #expect(part == part.sorted()) }
  }

  @Test(
    "sizes are exact: rounded fractions or the numbers themselves",
    arguments: [
      (1797, PartSize(0.15), PartSize(0.15), 270, 270),
      (10_000, PartSize(1000), PartSize(2000), 1000, 2000), (10, PartSize(0.25), nil, 3, 0),
      (7, nil, PartSize(0.5), 0, 4), (3, PartSize(1), PartSize(1), 1, 1), (1, nil, nil, 0, 0),
      (33, PartSize(0.3), PartSize(5), 10, 5),
    ])
  func sizes(rows: Int, validation: PartSize?, test: PartSize?, expected: Int, tested: Int) throws {
    for targets in [values(rows), classes([rows]), classes([rows / 2, rows - rows / 2])] {
      let split = try Split(targets, validation: validation, test: test, seed: 42)
      #expect(split.validation.count == expected && split.test.count == tested)
      #expect(split.train.count == rows - expected - tested)
      expectPartition(split, of: rows)
    }
  }

  @Test("classes are in every part in proportion, to within a row")
  func proportions() throws {
    let sizes = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    let targets = classes(sizes)
    let split = try Split(targets, validation: PartSize(0.15), test: PartSize(0.15), seed: 1)
    for part in [split.validation, split.test] {
      for (count, size) in zip(counts(part, targets), sizes) {
        #expect(abs(Double(count) - 0.15 * Double(size)) < 1)
      }
    }
    expectPartition(split, of: 1797)
  }

  @Test(
    "every class of at least three rows is in every part, smaller ones in training",
    arguments: [[3, 500, 3], [1, 2, 3, 400], [3, 3, 3], [1, 1, 98], [4, 5, 6, 7, 1000]])
  func rareClasses(sizes: [Int]) throws {
    let targets = classes(sizes)
    let rows = sizes.reduce(0, +)
    let large = sizes.count { $0 >= 3 }
    let part = PartSize.rows(max(large, rows / 10))
    let split = try Split(targets, validation: part, test: part, seed: 9)
    let (train, validation, test) = (
      counts(split.train, targets), counts(split.validation, targets), counts(split.test, targets)
    )
    for (c, size) in sizes.enumerated() {
      #expect(train[c] >= 1, "class \(c)")
      if size >= 3 { #expect(validation[c] >= 1 && test[c] >= 1, "class \(c)") }
    }
    expectPartition(split, of: rows)
  }

  @Test("parts too large for all classes still have their exact sizes")
  func crowded() throws {
    let targets = classes([2, 2, 2, 2, 2])
    let split = try Split(targets, validation: PartSize(1), test: PartSize(8), seed: 0)
    #expect(split.train.count == 1 && split.validation.count == 1 && split.test.count == 8)
    expectPartition(split, of: 10)
  }

  @Test("the seed alone decides which rows go where")
  func seeds() throws {
    for targets in [values(100), classes([60, 40])] {
      func split(_ seed: UInt64) throws -> Split {
        try Split(targets, validation: PartSize(0.2), test: PartSize(0.2), seed: seed)
      }
      #expect(try split(5) == split(5))
      #expect(try split(5).test != split(6).test)
    }
  }

  @Test("the test part does not depend on the size of the validation part")
  func paired() throws {
    let targets = classes([60, 40, 20])
    let tests = try [0.1, 0.2, 0.3].map {
      try Split(targets, validation: PartSize($0), test: PartSize(0.2), seed: 5).test
    }
    #expect(Set(tests).count == 1)
  }

  @Test("each row is as likely as any other to be in a part")
  func uniform() throws {
    var hits = Array(repeating: 0, count: 20)
    for seed in 0..<500 {
      let split = try Split(values(20), validation: nil, test: PartSize(0.25), seed: UInt64(seed))
      for row in split.test { hits[Int(row)] += 1 }
    }
    // 500 draws of probability 1/4: mean 125, deviation 9.7; five deviations either way.
    #expect(hits.allSatisfy { $0 > 77 && $0 < 173 })
  }

  @Test("a size that is too small for the rows of a file names the file, and one row is one row")
  func file() throws {
    let error = #expect(throws: DatasetError.self) {
      try Split(values(1), of: "d.csv", validation: .fraction(0.2), test: nil, seed: 1)
    }
    #expect(
      error?.description
        == "split: validation: 0.2 of 1 row in d.csv is none; give it a larger share")
  }

  @Test(
    "impossible sizes are refused",
    arguments: [
      (
        PartSize.fraction(0.001), nil,
        "split: validation: 0.001 of 10 rows is none; give it a larger share"
      ),
      (
        .rows(5), .rows(5),
        "split: 5 rows for validation and 5 for test leave none of 10 for training; "
          + "make them smaller"
      ),
      (
        .rows(.max), .rows(.max),
        "split: 9223372036854775807 rows for validation and 9223372036854775807 for test leave "
          + "none of 10 for training; make them smaller"
      ),
      (
        nil, .fraction(1),
        "split: test: 1.0 is out of range; "
          + "give a fraction between 0 and 1, or a whole number of rows"
      ),
      (
        .fraction(.nan), nil,
        "split: validation: nan is out of range; "
          + "give a fraction between 0 and 1, or a whole number of rows"
      ),
      (
        .rows(0), nil,
        "split: validation: 0 is out of range; "
          + "give a fraction between 0 and 1, or a whole number of rows"
      ),
    ] as [(PartSize?, PartSize?, String)])
  func impossible(validation: PartSize?, test: PartSize?, message: String) {
    let error = datasetError { () throws(DatasetError) in
      try Split(values(10), validation: validation, test: test, seed: 0)
    }
    #expect(error?.description == message)
  }

  @Test("a number below 1 is a fraction, a whole number rows, anything else no size")
  func partSize() {
    #expect(PartSize(0.15) == .fraction(0.15))
    #expect(PartSize(1) == .rows(1))
    #expect(PartSize(2000) == .rows(2000))
    for number in [0, -0.1, 1.5, -3, .nan, .infinity, 1e30] { #expect(PartSize(number) == nil) }
  }

  @Test("many classes are divided quickly and exactly")
  func manyClasses() throws {
    let targets = classes((0..<5000).map { 1 + $0 % 5 })
    let split = try Split(targets, validation: PartSize(0.2), test: PartSize(0.2), seed: 2)
    #expect(split.validation.count == 3000 && split.test.count == 3000)
    #expect(counts(split.train, targets).allSatisfy { $0 >= 1 })
  }

  @Test("rows of a group stay together, and sizes count groups")
  func groups() throws {
    let split = try Split(
      groups: 20, rowsPerGroup: 3, validation: PartSize(0.15), test: PartSize(4), seed: 1)
    #expect(split.validation.count == 9 && split.test.count == 12 && split.train.count == 39)
    expectPartition(split, of: 60)
    for part in [split.train, split.validation, split.test] {
      for start in stride(from: 0, to: part.count, by: 3) {
        #expect(part[start] % 3 == 0)
        #expect(Array(part[start..<(start + 3)]) == (0..<3).map { part[start] + $0 })
      }
    }
    let other = try Split(
      groups: 20, rowsPerGroup: 3, validation: PartSize(0.15), test: PartSize(4), seed: 2)
    #expect(other != split)
  }

  @Test("sizes that no groups can have name what they count")
  func groupSizes() {
    #expect {
      try Split(groups: 5, rowsPerGroup: 10, validation: nil, test: PartSize(5), seed: 0)
    } throws: { error in
      "\(error)"
        == "split: 0 parameter samples for validation and 5 for test leave none of 5 for training; "
        + "make them smaller"
    }
    #expect {
      try Split(groups: 5, rowsPerGroup: 10, validation: PartSize(0.01), test: nil, seed: 0)
    } throws: { error in
      "\(error)" == "split: validation: 0.01 of 5 parameter samples is none; give it a larger share"
    }
  }
}
