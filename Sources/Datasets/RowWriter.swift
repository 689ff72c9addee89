import Storage

/// Writes rows to an NPY file, one after the other: in float32 until the first number that this does not hold, then
/// all of them in float64.
///
/// A class, because it owns a file that grows.
final class RowWriter {
  private let path: String
  private let columns: Int
  /// Takes what becomes of the table.
  private let tell: (TableConversion.State) -> Void
  /// Rows that there will be, at most.
  private let allRows: Int
  private var file: GrowingFile
  private var isWide = false
  /// Rows that were stored.
  private var rows = 0
  private var pending: [UInt8] = []
  private var isFinished = false

  /// Bytes that are written at once.
  private static let piece = 1 << 20

  /// Begins the file that is to be at `path`.
  ///
  /// - Parameters:
  ///   - rows: at most.
  ///   - tell: takes how far it is, and what becomes of it.
  /// - Throws: `DatasetError`.
  init(
    _ path: String, rows: Int, columns: Int, tell: @escaping (TableConversion.State) -> Void
  ) throws(DatasetError) {
    (self.path, self.columns, self.tell, allRows) = (path, columns, tell, rows)
    file = try Self.begun(path, columns, isWide: false)
  }

  deinit { if !isFinished { tell(.failed) } }

  /// Stores the next rows.
  /// - Throws: `DatasetError`.
  func store(_ numbers: [Double]) throws(DatasetError) {
    if !isWide, !numbers.allSatisfy({ Double(Float($0)) == $0 }) { try widen() }
    for number in numbers { Self.append(number, isWide, to: &pending) }
    rows += numbers.count / columns
    guard pending.count >= Self.piece else { return }
    try flush(to: file)
    tell(.underWay(share: Double(rows) / Double(allRows)))
  }

  /// Puts the file in its place.
  /// - Throws: `DatasetError`.
  func finish() throws(DatasetError) {
    try flush(to: file)
    try writing { () throws(StoreError) in
      try file.overwrite(Self.header(rows, columns, isWide), at: 0)
      try file.commit()
    }
    isFinished = true
    tell(.done(bytes: Self.bytes(rows, columns, isWide)))
  }

  /// Begins again with what is there, in float64.
  private func widen() throws(DatasetError) {
    try flush(to: file)
    let wide = try Self.begun(path, columns, isWide: true)
    var offset = Self.header(rows, columns, false).count
    while true {
      var bytes: [UInt8] = []
      try writing { () throws(StoreError) in
        bytes = try file.bytes(offset..<(offset + Self.piece))
      }
      if bytes.isEmpty { break }
      offset += bytes.count
      let raw = bytes.span.bytes
      for place in stride(from: 0, to: bytes.count, by: 4) {
        let bits = raw.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self)
        Self.append(Double(Float(bitPattern: UInt32(littleEndian: bits))), true, to: &pending)
      }
      try flush(to: wide)
    }
    (file, isWide) = (wide, true)
  }

  private func flush(to file: GrowingFile) throws(DatasetError) {
    try writing { () throws(StoreError) in try file.append(pending) }
    pending.removeAll(keepingCapacity: true)
  }

  private func writing(_ body: () throws(StoreError) -> Void) throws(DatasetError) {
    do throws(StoreError) { try body() } catch {
      let bytes = Self.bytes(allRows, columns, isWide)
      throw .file(path, .unwritten(error, bytes: bytes))
    }
  }

  private static func begun(
    _ path: String, _ columns: Int, isWide: Bool
  ) throws(DatasetError) -> GrowingFile {
    do throws(StoreError) {
      let file = try GrowingFile(for: path)
      try file.append(header(0, columns, isWide))
      return file
    } catch {
      throw .file(path, .unwritten(error, bytes: nil))
    }
  }

  /// Bytes of a whole file.
  private static func bytes(_ rows: Int, _ columns: Int, _ isWide: Bool) -> Int {
    header(rows, columns, isWide).count + rows * columns * (isWide ? 8 : 4)
  }

  /// Of the same length for any number of rows.
  private static func header(_ rows: Int, _ columns: Int, _ isWide: Bool) -> [UInt8] {
    NPYFile.start(type: isWide ? "<f8" : "<f4", shape: [rows, columns])
  }

  private static func append(_ number: Double, _ isWide: Bool, to bytes: inout [UInt8]) {
    if isWide {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    } else {
      withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }
}
