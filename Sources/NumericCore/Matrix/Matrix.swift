/// A row-major matrix of Float32 in storage aligned to 64 bytes.
///
/// Element (r, c) lies at offset `r * columns + c`; rows are not padded. The storage is an array of
/// 16-lane vectors, so that alignment, copy-on-write and `Sendable` come from the language; the
/// lanes behind the last element are zero and stay zero.
package struct Matrix: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  private var storage: [SIMD16<Float>]

  /// A matrix whose every element is `value`. Both sizes may be 0.
  package init(rows: Int, columns: Int, repeating value: Float = 0) {
    precondition(rows >= 0 && columns >= 0, "matrix sizes are not negative")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "matrix too large")
    self.rows = rows
    self.columns = columns
    self.storage = Array(repeating: SIMD16(repeating: 0), count: (count + 15) / 16)
    if value != 0 { withMutableElements { for i in $0.indices { $0[i] = value } } }
  }

  /// A matrix with `elements` in row-major order; there must be `rows * columns` of them.
  package init(rows: Int, columns: Int, _ elements: [Float]) {
    self.init(rows: rows, columns: columns)
    precondition(elements.count == count, "\(rows)x\(columns) needs \(rows * columns) elements")
    withMutableElements { target in
      for (i, value) in elements.enumerated() { target[i] = value }
    }
  }

  /// Number of elements, `rows * columns`.
  package var count: Int { rows * columns }

  package subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      let i = row &* columns &+ column
      return storage[i >> 4][i & 15]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      let i = row &* columns &+ column
      storage[i >> 4][i & 15] = newValue
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
    let size = count
    var result: Swift.Result<Result, Failure>?
    storage.withUnsafeBytes { bytes in
      let floats = UnsafeRawBufferPointer(rebasing: bytes[..<(size * 4)]).bindMemory(to: Float.self)
      do throws(Failure) {
        result = .success(try body(Span(_unsafeElements: floats)))
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
      var span = MutableSpan(_unsafeElements: floats)
      return body(&span)
    }
  }

  /// Raw elements for the kernels of this module.
  func withElements<Result>(_ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    let size = count
    return storage.withUnsafeBytes { bytes in
      body(UnsafeRawBufferPointer(rebasing: bytes[..<(size * 4)]).bindMemory(to: Float.self))
    }
  }

  /// Raw elements for the kernels of this module, to be changed in place.
  mutating func withMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) -> Result
  ) -> Result {
    let size = count
    return storage.withUnsafeMutableBytes { bytes in
      body(UnsafeMutableRawBufferPointer(rebasing: bytes[..<(size * 4)]).bindMemory(to: Float.self))
    }
  }
}
