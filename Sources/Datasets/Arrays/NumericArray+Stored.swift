import Storage

extension NumericArray {
  /// The array as a matrix that stays in its file.
  ///
  /// - Parameter problem: what is wrong with NaN.
  /// - Returns: also columns of whole numbers that float64 does not hold, with one of them.
  /// - Throws: `DatasetError` for an array whose rows do not lie one behind the other as they are, and as
  ///   `values` does.
  func stored(
    _ problem: DatasetError.ValueProblem
  ) throws(DatasetError) -> (matrix: StoredMatrix, coarse: [Int: String]) {
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    guard case .file(let source) = content, !layout.fortranOrder || columns == 1 else {
      let isFile = if case .file = content { true } else { false }
      throw .at(
        file,
        "storage: file and shard: true read rows where they lie, and "
          + (isFile
            ? "this array has its columns one behind the other; save it in C order (numpy.ascontiguousarray)"
            : "this array is compressed, or in an archive; unpack it to a file of its own, or leave the key out")
      )
    }
    var isNarrow = true
    var ranges = [ColumnRange](repeating: ColumnRange(), count: columns)
    var bad = BadPlaces()
    var coarse: [Int: String] = [:]
    let isLong = layout.type == .int64 || layout.type == .uint64
    var (place, column) = (0, 0)
    let layout = layout
    var numbers = [Double](repeating: 0, count: FileContent.pieceSize / layout.type.size)
    try content.forEachPiece(from: offset) { raw in
      let count = raw.byteCount / layout.type.size
      var span = numbers.mutableSpan
      layout.copy(raw, count, to: &span)
      for i in 0..<count {
        let value = span[i]
        if value.isFinite {
          ranges[column].add(value)
          if isNarrow, Double(Float(value)) != value { isNarrow = false }
          if isLong, abs(value) >= CoarseNumbers.limit, coarse[column] == nil {
            let whole = layout.whole(i, of: raw)
            if whole != Int128(exactly: value) { coarse[column] = whole.map(String.init) }
          }
        } else {
          bad.add(place, value)
        }
        place += 1
        column = column + 1 == columns ? 0 : column + 1
      }
    }
    try demandNone(bad, problem)
    let matrix = StoredMatrix(
      RowFile(source, from: offset, rows: rows, columns: columns, layout), isNarrow: isNarrow,
      ranges: ranges)
    return (matrix, coarse)
  }
}
