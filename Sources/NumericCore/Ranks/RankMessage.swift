/// What rank 0 tells the others: numbers one behind the other, in the machine's own form, read in the order
/// in which they were written. All ranks run the same program, so no message is wrong.
///
/// Matrices that are large are sent behind the numbers, from where they lie to where they are read, so that no rank has
/// them twice. So whoever receives a message reads all matrices of it before it receives another.
package struct RankMessage {
  fileprivate var bytes: [UInt8] = []
  private var next = 0
  /// Matrices that are sent behind the bytes.
  fileprivate var matrices: [Matrix] = []
  /// What brings those of a message that was received.
  private var ranks: (any Collective)?

  /// Elements from which on a matrix is sent behind the bytes.
  private static let leastBehind = 1 << 14

  /// An empty message, to be written.
  package init() {}

  /// A message to be read, which `ranks` bring.
  fileprivate init(bytes: [UInt8], from ranks: any Collective) {
    self.bytes = bytes
    self.ranks = ranks
  }

  // MARK: Writing

  /// Adds one number.
  package mutating func write<Number: BitwiseCopyable>(_ number: Number) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  /// Adds numbers, and how many they are.
  package mutating func write<Number: BitwiseCopyable>(_ numbers: some Collection<Number>) {
    write(numbers.count)
    let isContiguous: Void? = numbers.withContiguousStorageIfAvailable { numbers in
      bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
    }
    if isContiguous == nil { for number in numbers { write(number) } }
  }

  /// Adds a matrix with its shape.
  package mutating func write(_ matrix: Matrix) {
    write(matrix.rows)
    write(matrix.columns)
    if matrix.count >= Self.leastBehind {
      matrices.append(matrix)
    } else {
      matrix.withElements { bytes.append(contentsOf: UnsafeRawBufferPointer($0)) }
    }
  }

  // MARK: Reading

  /// The next number.
  package mutating func read<Number: BitwiseCopyable>(_: Number.Type = Number.self) -> Number {
    let size = MemoryLayout<Number>.size
    defer { next += size }
    return bytes.withUnsafeBytes {
      precondition(next + size <= $0.count, "a message is read as it was written")
      return $0.loadUnaligned(fromByteOffset: next, as: Number.self)
    }
  }

  /// The next numbers.
  package mutating func readArray<Number: BitwiseCopyable>(
    _: Number.Type = Number.self
  ) -> [Number] {
    let count: Int = read()
    return Array(unsafeUninitializedCapacity: count) { target, initialized in
      take(into: UnsafeMutableRawBufferPointer(target))
      initialized = count
    }
  }

  /// The next matrix.
  package mutating func readMatrix() -> Matrix {
    let (rows, columns): (Int, Int) = (read(), read())
    var matrix = Matrix(rows: rows, columns: columns)
    if matrix.count >= Self.leastBehind {
      ranks?.broadcastRows(rows, of: &matrix)
    } else {
      matrix.withMutableElements { take(into: UnsafeMutableRawBufferPointer($0)) }
    }
    return matrix
  }

  private mutating func take(into target: UnsafeMutableRawBufferPointer) {
    bytes.withUnsafeBytes { bytes in
      precondition(next + target.count <= bytes.count, "a message is read as it was written")
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[next..<(next + target.count)]))
    }
    next += target.count
  }
}

extension Collective {
  /// Bytes that every message has at least; what is longer goes in a second piece.
  private static var frame: Int { 1024 }

  /// Sends `message` from rank 0 to all others.
  package func send(_ message: RankMessage) {
    var first = [UInt8](repeating: 0, count: Self.frame)
    let bytes = message.bytes
    let held = min(bytes.count, Self.frame - 8)
    withUnsafeBytes(of: bytes.count) { first.replaceSubrange(0..<8, with: $0) }
    first.replaceSubrange(8..<(8 + held), with: bytes[..<held])
    first.withUnsafeMutableBytes { broadcast($0) }
    if held < bytes.count {
      bytes.withUnsafeBytes { give(UnsafeRawBufferPointer(rebasing: $0[held...])) }
    }
    for matrix in message.matrices {
      matrix.withElements { give(UnsafeRawBufferPointer($0)) }
    }
  }

  /// Broadcasts what only rank 0 has, which is read alone.
  private func give(_ bytes: UnsafeRawBufferPointer) {
    broadcast(UnsafeMutableRawBufferPointer(mutating: bytes))
  }

  /// The message that rank 0 sends.
  package func receive() -> RankMessage {
    var first = [UInt8](repeating: 0, count: Self.frame)
    first.withUnsafeMutableBytes { broadcast($0) }
    let count = first.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
    let held = min(count, Self.frame - 8)
    if held == count { return RankMessage(bytes: Array(first[8..<(8 + held)]), from: self) }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      let bytes = UnsafeMutableRawBufferPointer(bytes)
      first.withUnsafeBytes { bytes.copyBytes(from: $0[8..<(8 + held)]) }
      broadcast(UnsafeMutableRawBufferPointer(rebasing: bytes[held...]))
      initialized = count
    }
    return RankMessage(bytes: bytes, from: self)
  }
}
