import CKernels
import NumericCore

/// The survivors of a pruned matrix laid out for a product with one sample: rows in blocks of 16, and
/// each block as steps of 16 survivors, one a row, whose columns lie within one window of 32.
///
/// A step costs the same however many of its rows it serves, so each takes the leftmost window that
/// any row still needs, and from there the next survivor of every row that has one; rows are sorted by
/// their survivors, so that those of a block end together. At 5 % density about half of the places of
/// random survivors are used, at 1 % a quarter. Windows begin at multiples of 16 columns: their loads
/// then lie on cache lines, which is worth more than the few steps that freer windows would save.
///
/// 84 bytes a step. A place that serves none multiplies 0 with some input of its window: with an
/// infinite input, which no reader lets in, its row is NaN.
package struct WindowedRows: Sendable, Equatable {
  /// Steps of block b: starts[b]..<starts[b + 1].
  package let starts: [Int32]
  /// The first column of each step's window, a multiple of 16.
  package let windows: [Int32]
  /// The column of each value, counted from the start of its window; [steps, 16].
  package let places: [UInt8]
  /// [steps, 16].
  package let values: [Float]
  /// Row of each lane of each block.
  package let order: [Int32]

  private static let lanes = 16
  private static let windowWidth = 32

  /// - Parameter values: of the survivors, in the order of `rows`.
  package init(_ rows: CompressedRows, values survivors: UnsafePointer<Float>) {
    let order = rows.rowsBySurvivors
    var starts: [Int32] = [0]
    var windows: [Int32] = []
    var places: [UInt8] = []
    var values: [Float] = []
    // The last window ends with the last full register of columns.
    let lastWindow = Int32(max(0, (rows.columns + 15) & ~15 - WindowedRows.windowWidth))
    for first in stride(from: 0, to: rows.rows, by: WindowedRows.lanes) {
      let block = order[first..<min(first + WindowedRows.lanes, rows.rows)]
      var next = block.map { rows.starts[Int($0)] }
      let ends = block.map { rows.starts[Int($0) + 1] }
      while let column = leftmost(rows, next, ends) {
        let window = min(column & ~15, lastWindow)
        let place = places.count
        places.append(contentsOf: repeatElement(0, count: WindowedRows.lanes))
        values.append(contentsOf: repeatElement(0, count: WindowedRows.lanes))
        for lane in next.indices where next[lane] < ends[lane] {
          let offset = rows.indices[Int(next[lane])] - window
          if offset >= WindowedRows.windowWidth { continue }
          places[place + lane] = UInt8(offset)
          values[place + lane] = survivors[Int(next[lane])]
          next[lane] += 1
        }
        windows.append(window)
      }
      starts.append(Int32(windows.count))
    }
    self.starts = starts
    self.windows = windows
    self.places = places
    self.values = values
    self.order = order
  }

  /// Number of steps.
  package var steps: Int { windows.count }

  /// Floats of a sample that are read, some behind its end.
  package static func readableInputs(_ columns: Int) -> Int {
    max(windowWidth, (columns + 15) & ~15)
  }

  /// Whether steps pay with the kernels of `set`: where a permutation picks the inputs, and a step,
  /// which takes as long as three or four survivors one by one, serves at least three.
  package func pays(for rows: CompressedRows, on set: InstructionSet) -> Bool {
    set == .avx512 && 3 * steps <= rows.count
  }
}

/// The first column that a block of rows still needs.
private func leftmost(_ rows: CompressedRows, _ next: [Int32], _ ends: [Int32]) -> Int32? {
  var column: Int32?
  for lane in next.indices where next[lane] < ends[lane] {
    column = min(column ?? .max, rows.indices[Int(next[lane])])
  }
  return column
}
