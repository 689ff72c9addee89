import NumericCore

/// The survivors of a pruned matrix laid out for a product with one sample: rows in blocks of 8, one in each
/// lane of a register, and each block as steps of 8 survivors, one a row.
///
/// Rows are sorted by their survivors, so that those of a block end together and nearly every place serves
/// one. A row's sum has the bits that it has row by row, where every eighth survivor goes to the same of 8
/// sums and those left over to the first: a block's steps are in that order, first all that fill 8 sums, then
/// what is left over.
///
/// 64 bytes a step. A place that serves none multiplies 0 with the first input: with an infinite one, which no
/// reader lets in, its row is NaN.
package struct LaneRows: Sendable, Equatable {
  /// Steps of block b: starts[b]..<starts[b + 1].
  package let starts: [Int32]
  /// Where those of a block begin that are left over.
  package let tails: [Int32]
  /// The column of each value, [steps, 8].
  package let indices: [Int32]
  /// [steps, 8].
  package let values: [Float]
  /// Row of each lane of each block.
  package let order: [Int32]

  package static let lanes = 8
  /// Sums of a row.
  private static let sums = 8

  /// - Parameter values: of the survivors, in the order of `rows`.
  package init(_ rows: CompressedRows, values survivors: UnsafePointer<Float>) {
    let counts = (0..<rows.rows).map { Int(rows.starts[$0 + 1] - rows.starts[$0]) }
    let order = rows.rowsBySurvivors
    var starts: [Int32] = [0]
    var tails: [Int32] = []
    var indices: [Int32] = []
    var values: [Float] = []
    for first in stride(from: 0, to: rows.rows, by: Self.lanes) {
      let block = order[first..<min(first + Self.lanes, rows.rows)]
      let whole = block.map { counts[Int($0)] / Self.sums * Self.sums }.max() ?? 0
      let rest = block.map { counts[Int($0)] % Self.sums }.max() ?? 0
      let start = values.count / Self.lanes
      indices += repeatElement(0, count: (whole + rest) * Self.lanes)
      values += repeatElement(0, count: (whole + rest) * Self.lanes)
      for (lane, row) in block.enumerated() {
        let (begin, count) = (Int(rows.starts[Int(row)]), counts[Int(row)])
        let ownWhole = count / Self.sums * Self.sums
        for place in 0..<count {
          let step = start + (place < ownWhole ? place : whole + place - ownWhole)
          indices[step * Self.lanes + lane] = rows.indices[begin + place]
          values[step * Self.lanes + lane] = survivors[begin + place]
        }
      }
      tails.append(Int32(start + whole))
      starts.append(Int32(start + whole + rest))
    }
    self.starts = starts
    self.tails = tails
    self.indices = indices
    self.values = values
    self.order = order
  }

  /// Whether the kernels of `set` fetch the inputs of a step at once.
  package static func pay(on set: InstructionSet) -> Bool { set == .avx2 }
}
