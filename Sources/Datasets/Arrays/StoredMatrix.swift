import NeuralNetworks
import NumericCore
import Storage

/// A matrix of finite numbers that stays in its file: what is asked for is read, scaled, and forgotten. Its
/// numbers are, bit by bit, those that a matrix in memory would hold.
package struct StoredMatrix: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// Whether float32 holds each number as it is stored.
  let isNarrow: Bool
  /// Of all rows, as stored.
  let ranges: [ColumnRange]
  private let file: RowFile
  /// How numbers are scaled when they are read; nil where they are only rounded to float32.
  fileprivate(set) var scaling: AffineScaling?
  private let fault = ReadingFault()

  /// - Parameter ranges: of all rows.
  init(_ file: RowFile, isNarrow: Bool, ranges: [ColumnRange]) {
    (rows, columns) = (file.rows, file.columns)
    (self.file, self.isNarrow, self.ranges) = (file, isNarrow, ranges)
  }

  package static func == (a: StoredMatrix, b: StoredMatrix) -> Bool {
    a.file == b.file && a.scaling == b.scaling
  }

  /// Calls `body` with the numbers of each of `wanted`, as stored.
  ///
  /// What cannot be read is left out; `failure` says so.
  func forEachRow(_ wanted: some RandomAccessCollection<Int32>, _ body: (Span<Double>) -> Void) {
    if fault.error != nil { return }
    do throws(DatasetError) {
      try file.forEach(0..<wanted.count) { place in
        Int(wanted[wanted.index(wanted.startIndex, offsetBy: place)])
      } _: { _, numbers in
        body(numbers)
      }
      try file.demandUnchanged()
    } catch {
      fault.note(error)
    }
  }

  /// The same numbers, scaled when they are read.
  ///
  /// - Returns: also the first element that float32 does not hold then, row-major; nil for none.
  func scaled(by scaling: AffineScaling?) -> (matrix: StoredMatrix, overflow: Int?) {
    var result = self
    result.scaling = scaling
    func isHeld(_ value: Double, _ column: Int) -> Bool {
      Float(scaling?.scaled(value, column: column) ?? value).isFinite
    }
    // Between the least number and the largest nothing is larger than they are.
    let isSafe = ranges.enumerated().allSatisfy { column, range in
      isHeld(range.least, column) && isHeld(range.most, column)
    }
    if isSafe { return (result, nil) }
    var (element, overflow): (Int, Int?) = (0, nil)
    forEachRow(0..<Int32(rows)) { numbers in
      for column in numbers.indices {
        if overflow == nil, !isHeld(numbers[column], column) { overflow = element }
        element += 1
      }
    }
    return (result, overflow)
  }
}

extension StoredMatrix: StoredInputs {
  package var failure: (any Error)? { problem }

  /// The same, typed.
  var problem: DatasetError? { fault.error }

  /// Rows of a task; work is divided by shape alone, and no number depends on another.
  private static let rowsOfTask = 64
  private static let mostTasks = 16

  package func read(
    _ indices: ArraySlice<Int32>, into target: inout Matrix, at first: Int, pool: WorkerPool
  ) {
    precondition(target.columns == columns && first >= 0 && first + indices.count <= target.rows)
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "indices are rows of the file")
    if fault.error != nil || indices.isEmpty { return }
    let places = Self.inFileOrder(indices)
    let count = places.count
    let rowsOfTask = max(Self.rowsOfTask, (count + Self.mostTasks - 1) / Self.mostTasks)
    let (file, columns, fault, scaling) = (file, columns, fault, scaling)
    target.withMutableElements { elements in
      let to = elements.baseAddress.map { $0 + first * columns }
      pool.runKeepingSubnormals(tasks: (count + rowsOfTask - 1) / rowsOfTask) { task, _ in
        let own = places[(task * rowsOfTask)..<min(count, (task + 1) * rowsOfTask)]
        do throws(DatasetError) {
          try file.forEach(own) {
            Int(indices[indices.startIndex + $0])
          } _: { place, numbers in
            guard let to else { return }
            let row = UnsafeMutableBufferPointer(start: to + place * columns, count: columns)
            Self.scale(numbers, scaling, into: row)
          }
        } catch {
          fault.note(error)
        }
      }
    }
    do throws(DatasetError) { try file.demandUnchanged() } catch { fault.note(error) }
  }

  /// Numbers as a network takes them.
  private static func scale(
    _ numbers: Span<Double>, _ scaling: AffineScaling?, into row: UnsafeMutableBufferPointer<Float>
  ) {
    guard let scaling else {
      for i in numbers.indices { row[i] = Float(numbers[i]) }
      return
    }
    let (shift, scale) = (scaling.shift.span, scaling.scale.span)
    for i in numbers.indices { row[i] = Float((numbers[i] - shift[i]) * scale[i]) }
  }

  /// The places 0..<count of `indices`, so that the rows there never fall.
  private static func inFileOrder(_ indices: ArraySlice<Int32>) -> [Int] {
    let isOrdered = zip(indices, indices.dropFirst()).allSatisfy { $0 <= $1 }
    if isOrdered { return Array(0..<indices.count) }
    // A row and its place in one number, which sort quickly.
    return indices.enumerated().map { UInt64($1) << 32 | UInt64($0) }.sorted()
      .map { Int($0 & 0xffff_ffff) }
  }
}
