/// A row-major matrix of Float32 in storage aligned to 64 bytes.
///
/// Element (r, c) lies at offset `r * columns + c`; rows are not padded. The storage is an array, so
/// that copy-on-write and `Sendable` come from the language. Swift aligns an array's elements to 16
/// bytes at most, so it is longer than needed and the elements begin at the first place in it that
/// is aligned; where a copy on write has moved the memory, they are moved to the new such place.
package struct Matrix: Sendable {
  package let rows: Int
  package let columns: Int
  private var storage: [Float]
  /// Where in `storage` the elements begin.
  private var start: Int

  /// A vector register or cache line of 64 bytes, in floats.
  private static let lanes = 16

  /// A matrix whose every element is `value`. Both sizes may be 0.
  package init(rows: Int, columns: Int, repeating value: Float = 0) {
    precondition(rows >= 0 && columns >= 0, "matrix sizes are not negative")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "matrix too large")
    self.rows = rows
    self.columns = columns
    storage = Array(repeating: value, count: count == 0 ? 0 : count + Matrix.lanes - 1)
    start =
      count == 0 ? 0 : storage.withUnsafeBufferPointer { Matrix.alignedOffset($0.baseAddress) }
  }

  /// A matrix with `elements` in row-major order; there must be `rows * columns` of them.
  package init(rows: Int, columns: Int, _ elements: [Float]) {
    self.init(rows: rows, columns: columns)
    precondition(elements.count == count, "\(rows)x\(columns) needs \(rows * columns) elements")
    withMutableElements { target in
      elements.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
    }
  }

  /// Number of elements, `rows * columns`.
  package var count: Int { rows * columns }

  package subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return storage[start &+ row &* columns &+ column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      let i = row &* columns &+ column
      withMutableElements { $0[i] = newValue }
    }
  }

  /// A copy of all elements, row-major.
  package var elements: [Float] { withElements { Array($0) } }

  /// A copy of row `row`.
  package func row(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < rows)
    return withElements { Array($0[(row * columns)..<((row + 1) * columns)]) }
  }

  /// Reads all elements through a bounds-checked span, row-major.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var result: Swift.Result<Result, Failure>?
    withElements { floats in
      do throws(Failure) {
        result = .success(try body(floats.span))
      } catch {
        result = .failure(error)
      }
    }
    return try result!.get()
  }

  /// Changes elements in place through a bounds-checked span, row-major.
  package mutating func withMutableSpan<Result>(
    _ body: (inout MutableSpan<Float>) -> Result
  ) -> Result {
    withMutableElements { floats in
      var span = floats.mutableSpan
      return body(&span)
    }
  }

  /// Whether the elements are those of `other` because they are in the same memory: true of a copy until one of
  /// the two is changed.
  package func sharesStorage(with other: Matrix) -> Bool {
    rows == other.rows && columns == other.columns
      && withElements { own in
        other.withElements { own.baseAddress == $0.baseAddress }
      }
  }

  /// Raw elements for kernels.
  package func withElements<Result>(_ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    let elements = start..<(start + count)
    return storage.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[elements])) }
  }

  /// Raw elements for kernels, to be changed in place.
  package mutating func withMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) -> Result
  ) -> Result {
    let (count, old) = (count, start)
    var new = old
    defer { start = new }
    return storage.withUnsafeMutableBufferPointer { all in
      if count > 0 { new = Matrix.alignedOffset(UnsafePointer(all.baseAddress)) }
      if new != old, let base = all.baseAddress {
        (base + new).update(from: base + old, count: count)
      }
      return body(UnsafeMutableBufferPointer(rebasing: all[new..<(new + count)]))
    }
  }

  /// Floats from `address` to the next multiple of 64 bytes.
  private static func alignedOffset(_ address: UnsafePointer<Float>?) -> Int {
    let bytes = UInt(bitPattern: address)
    return address == nil ? 0 : Int((0 &- bytes) & 63) / MemoryLayout<Float>.stride
  }
}

extension Matrix: Equatable {
  /// Whether shapes and elements are equal, as numbers: 0 equals -0 and no NaN equals itself.
  package static func == (a: Matrix, b: Matrix) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    return a.withElements { a in b.withElements { b in a.indices.allSatisfy { a[$0] == b[$0] } } }
  }
}
