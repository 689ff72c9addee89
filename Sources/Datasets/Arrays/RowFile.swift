import Storage
import Synchronization

/// Rows of numbers that lie in a file one behind the other, read where they lie and when they are wanted.
///
/// They are read, not mapped: a mapping counts against a limit on the address space (`ulimit -v`), and where
/// the file becomes shorter the system ends the process, while a read says so.
struct RowFile: Sendable {
  let rows: Int
  let columns: Int
  private let file: StoredFile
  private let layout: NPYHeader.Layout
  /// Where the first row begins.
  private let offset: Int

  /// Bytes that are read at once, where rows lie together.
  static let span = 1 << 18
  /// Bytes between two rows that are read along with them: it takes longer to ask twice.
  private static let gap = 4096

  /// - Precondition: the file has all rows, and the layout is in C order.
  init(_ file: StoredFile, from offset: Int, rows: Int, columns: Int, _ layout: NPYHeader.Layout) {
    precondition(!layout.fortranOrder || columns == 1, "rows lie one behind the other")
    (self.file, self.offset, self.rows, self.columns) = (file, offset, rows, columns)
    self.layout = layout
  }

  var path: String { file.path }

  private var rowBytes: Int { columns * layout.type.size }

  /// Calls `body` with each of `places`, in their order, and the numbers of the row that it stands for.
  ///
  /// - Parameter row: of a place. Rows that do not fall are read together.
  /// - Throws: `DatasetError`.
  func forEach(
    _ places: some RandomAccessCollection<Int>, row: (Int) -> Int,
    _ body: (_ place: Int, _ numbers: Span<Double>) -> Void
  ) throws(DatasetError) {
    guard !places.isEmpty else { return }
    let size = places.count == 1 ? rowBytes : max(Self.span, rowBytes)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { piece.deallocate() }
    var numbers = [Double](repeating: 0, count: columns)
    var next = places.startIndex
    while next < places.endIndex {
      let first = row(places[next])
      var last = first
      var end = places.index(after: next)
      while end < places.endIndex {
        let other = row(places[end])
        guard other >= last, (other - last - 1) * rowBytes <= Self.gap,
          (other + 1 - first) * rowBytes <= size
        else { break }
        last = other
        end = places.index(after: end)
      }
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: piece[..<((last + 1 - first) * rowBytes)])
      try file.fill(bytes, from: offset + first * rowBytes)
      let read = UnsafeRawBufferPointer(bytes).bytes
      while next < end {
        let start = (row(places[next]) - first) * rowBytes
        var span = numbers.mutableSpan
        layout.copy(read.extracting(start..<(start + rowBytes)), columns, to: &span)
        body(places[next], numbers.span)
        next = places.index(after: next)
      }
    }
  }

  /// - Throws: `DatasetError` where somebody has written into the file since it was opened.
  func demandUnchanged() throws(DatasetError) { try file.demandUnchanged() }
}

extension RowFile: Equatable {
  static func == (a: RowFile, b: RowFile) -> Bool {
    a.path == b.path && a.offset == b.offset && a.rows == b.rows && a.columns == b.columns
      && a.layout == b.layout
  }
}

/// What went wrong first in reading that cannot throw.
///
/// A class, because all who read share it.
final class ReadingFault: Sendable {
  private let first = Mutex<DatasetError?>(nil)

  var error: DatasetError? { first.withLock { $0 } }

  /// Remembers `error` where nothing went wrong before.
  func note(_ error: DatasetError) { first.withLock { if $0 == nil { $0 = error } } }
}
