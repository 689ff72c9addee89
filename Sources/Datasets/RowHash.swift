/// A hash of a row that does not depend on the order of its columns. It decides on which side of a split a
/// row stands, so it is the same for ever: FNV-1a over bytes (Fowler, Noll, Vo), mixed as SplitMix64 does
/// (Steele, Lea, Flood, OOPSLA 2014).
struct RowHash {
  /// Sum over the columns.
  private(set) var value: UInt64 = 0

  /// Adds what `content` is the hash of, in the column called `key`.
  mutating func add(_ content: UInt64, at key: UInt64) {
    value &+= Self.mixed(content ^ Self.mixed(key))
  }

  /// The hash of no bytes.
  static let start: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of the bytes that `hash` is of, and of `byte` behind them.
  @inline(__always)
  static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  /// The hash of bytes.
  static func key(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = start
    for byte in bytes { hash = adding(byte, to: hash) }
    return hash
  }

  /// The hash of a name.
  static func key(_ name: String) -> UInt64 { key(name.utf8) }

  /// The bits of `value`, spread evenly.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension Dataset {
  /// A hash of each row: of its text, or of the numbers of arrays, which have none.
  func hashesOfRows() -> [UInt64] {
    if let rowHashes { return rowHashes }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(rows)
    forEachRowHash(0..<Int32(rows)) { hashes.append($0) }
    return hashes
  }

  /// Calls `body` with a hash of the numbers, or the class, of each of `rows`.
  func forEachRowHash(
    _ rows: some RandomAccessCollection<Int32>, _ body: (UInt64) -> Void
  ) {
    let classes = targets.classNames?.map { RowHash.key($0) }
    var place = rows.startIndex
    inputs.forEachRow(rows) { numbers in
      let row = Int(rows[place])
      rows.formIndex(after: &place)
      var hash = RowHash()
      func add(_ value: Double, _ column: Int) {
        hash.add(value == 0 ? 0 : value.bitPattern, at: UInt64(column))
      }
      for column in numbers.indices { add(numbers[column], column) }
      switch targets {
      case .classes(let labels, _):
        hash.add(classes?[Int(labels[row])] ?? 0, at: UInt64(inputs.columns))
      case .values(let values):
        for column in 0..<values.columns { add(values[row, column], inputs.columns + column) }
      }
      body(hash.value)
    }
  }
}
