import Engine
import NeuralNetworks
import NumericCore

/// The values of a matrix that a mask keeps, in row-major order.
enum Survivors {
  /// Values `range` among those of `matrix` that `mask` keeps, or among all without a mask.
  static func values(of matrix: Matrix, mask: Mask?, range: Range<Int>) -> [Float] {
    guard let mask else { return matrix.withSpan { copy($0, range) } }
    return matrix.withSpan { span in
      var values: [Float] = []
      values.reserveCapacity(range.count)
      var ordinal = 0
      for (position, word) in mask.words.enumerated() {
        let next = ordinal + word.nonzeroBitCount
        if next > range.lowerBound {
          var rest = word
          while rest != 0 {
            if range.contains(ordinal) {
              values.append(span[position << 6 + rest.trailingZeroBitCount])
            }
            ordinal += 1
            rest &= rest - 1
          }
        }
        ordinal = next
        if ordinal >= range.upperBound { break }
      }
      return values
    }
  }

  /// The matrix that has `values` where `mask` keeps a weight and 0 elsewhere.
  static func matrix(_ values: [Float], mask: Mask) -> Matrix {
    precondition(values.count == mask.keptCount, "a value for every weight that is kept")
    var matrix = Matrix(rows: mask.rows, columns: mask.columns)
    matrix.withMutableSpan { span in
      var ordinal = 0
      for (position, word) in mask.words.enumerated() {
        var rest = word
        while rest != 0 {
          span[position << 6 + rest.trailingZeroBitCount] = values[ordinal]
          ordinal += 1
          rest &= rest - 1
        }
      }
    }
    return matrix
  }

  /// Whether `matrix` is +0, bit for bit, wherever `mask` removes a weight.
  static func isZeroElsewhere(_ matrix: Matrix, mask: Mask) -> Bool {
    matrix.withSpan { span in
      var difference: UInt32 = 0
      for (position, word) in mask.words.enumerated() {
        let start = position << 6
        let weights = min(64, span.count - start)
        var removed = ~word
        if weights < 64 { removed &= (1 << UInt64(weights)) - 1 }
        while removed != 0 {
          difference |= span[start + removed.trailingZeroBitCount].bitPattern
          removed &= removed - 1
        }
      }
      return difference == 0
    }
  }

  private static func copy(_ span: Span<Float>, _ range: Range<Int>) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(range.count)
    for i in range { values.append(span[i]) }
    return values
  }
}
