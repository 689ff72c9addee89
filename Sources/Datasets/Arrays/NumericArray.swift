import NumericCore
import Storage

/// An array as a file holds it: a shape, and bytes that match it exactly. They are read when they are
/// asked for.
package struct NumericArray {
  typealias Layout = NPYHeader.Layout

  /// The file (and entry) it comes from, for messages.
  let file: String
  let shape: [Int]
  let layout: Layout
  let content: FileContent
  /// Where in the content the elements begin.
  let offset: Int

  /// The array whose elements are all of `content` from `offset` on.
  /// - Throws: `DatasetError` if their number is not the one that shape and type say, and for an
  ///   array without a row or without numbers in a row.
  init(
    file: String, format: String, shape: [Int], layout: Layout,
    content: FileContent, offset: Int
  ) throws(DatasetError) {
    var size = layout.type.size
    var overflow = false
    for length in shape {
      let product = size.multipliedReportingOverflow(by: length)
      size = product.partialValue
      overflow = overflow || product.overflow || length < 0
    }
    // A zero in the shape makes the product 0 whatever the other lengths are.
    guard !shape.contains(0) else {
      throw .file(file, shape.first == 0 ? .noRows : .noInputColumns)
    }
    let present = try content.count() - offset
    guard !overflow, size == present else {
      throw .at(
        file,
        "the \(format) header promises \(DatasetError.text(shape)) elements of "
          + "\(counted(layout.type.size, "byte")), and \(counted(present, "byte follows", "bytes follow")) it; copy or "
          + "download the file again")
    }
    self.file = file
    self.shape = shape
    self.layout = layout
    self.content = content
    self.offset = offset
  }

  /// The array as [rows, features]: later dimensions are flattened, one dimension is one feature.
  /// - Throws: `DatasetError` for an array of no dimension, and with all places of NaN and infinities.
  package func matrix(role: DatasetError.ArrayRole) throws(DatasetError) -> DataMatrix {
    try values(role: role, nan: .wrong(.notFinite(text: "nan"))).matrix
  }

  /// What NaN is.
  enum NotANumber {
    /// A missing value.
    case hole
    case wrong(DatasetError.ValueProblem)
  }

  /// The array as a matrix, as `matrix` has it, with 0 where a value is missing.
  struct Values {
    var matrix: DataMatrix
    /// Places in the matrix, row-major, where NaN stood; in order.
    var holes: [Int] = []
    /// Columns of whole numbers that float64 does not hold, with one of them.
    var coarse: [Int: String] = [:]
  }

  /// - Throws: as `matrix` does.
  func values(
    role: DatasetError.ArrayRole, nan: NotANumber
  ) throws(DatasetError) -> Values {
    guard let rows = shape.first, role == .inputs || shape.count <= 2 else {
      throw .unsuitableShape(file, shape, role: role)
    }
    let columns = shape.dropFirst().reduce(1, *)
    let columnPlaces = layout.fortranOrder ? fortranColumns(columns: columns) : nil
    if layout.type == .uint8, columnPlaces == nil {
      return Values(matrix: .float32(try bytes(rows: rows, columns: columns)))
    }
    var matrix = DataMatrixBuilder(rows: rows, columns: columns)
    var bad = BadPlaces()
    var holes: [Int] = []
    var coarse: [Int: String] = [:]
    let isLong = layout.type == .int64 || layout.type == .uint64
    var first = 0
    try content.forEachPiece(from: offset) { raw in
      let count = raw.byteCount / layout.type.size
      var values = [Double](repeating: 0, count: columnPlaces == nil ? count : 1)
      for i in 0..<count {
        let element = first + i
        var value = layout.number(i, of: raw)
        let place = columnPlaces.map { element % rows * columns + $0[element / rows] } ?? element
        if !value.isFinite {
          if value.isNaN, case .hole = nan { holes.append(place) } else { bad.add(place, value) }
          value = 0
        } else if isLong, abs(value) >= 0x1p53, coarse[place % columns] == nil {
          let whole = layout.whole(i, of: raw)
          if whole != Int128(exactly: value) { coarse[place % columns] = whole.map(String.init) }
        }
        if columnPlaces == nil {
          values[i] = value
        } else {
          values[0] = value
          matrix.store(values, at: place)
        }
      }
      if columnPlaces == nil { matrix.store(values, at: first) }
      first += count
    }
    var nanProblem = DatasetError.ValueProblem.notFinite(text: "nan")
    if case .wrong(let stated) = nan { nanProblem = stated }
    try demandNone(bad, nanProblem)
    if columnPlaces != nil { holes.sort() }
    return Values(matrix: matrix.matrix, holes: holes, coarse: coarse)
  }

  /// - Parameter problem: what is wrong with NaN.
  /// - Throws: `DatasetError` with all places that are not finite.
  func demandNone(
    _ bad: BadPlaces, _ problem: DatasetError.ValueProblem
  ) throws(DatasetError) {
    var problems = ProblemList(file: file)
    for (place, value) in bad.first {
      problems.add(
        .value(
          file, .element(indices(of: place)),
          value.isNaN ? problem : .notFinite(text: "\(value)")))
    }
    problems.addHidden(bad.count - bad.first.count)
    try problems.throwIfAny()
  }

  /// The same of bytes in C order, of which there are many in pictures.
  private func bytes(rows: Int, columns: Int) throws(DatasetError) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    var first = 0
    try content.forEachPiece(from: offset) { raw in
      matrix.withMutableSpan { target in
        for i in 0..<raw.byteCount { target[first + i] = Float(raw[byte: i]) }
      }
      first += raw.byteCount
    }
    return matrix
  }

  /// The array as classes, one number a row: [rows] or [rows, 1].
  /// - Parameter left: rows that are left out.
  /// - Throws: `DatasetError` for other shapes and for numbers that are not classes.
  package func classes(
    known: KnownClasses?, without left: Set<Int> = []
  ) throws(DatasetError) -> Dataset.Targets {
    guard let rows = shape.first, shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw .unsuitableShape(file, shape, role: .labels)
    }
    var table = ClassTable(rows: rows)
    var problems = ProblemList(file: file)
    var first = 0
    try content.forEachPiece(from: offset) { (raw) throws(DatasetError) in
      let count = raw.byteCount / layout.type.size
      for i in 0..<count where !left.contains(first + i) {
        let value = layout.number(i, of: raw)
        if value.isNaN {
          problems.add(
            .value(
              file, .element(indices(of: first + i)), .missing(text: "\(value)", .measured)))
          continue
        }
        let text = layout.whole(i, of: raw).map(String.init) ?? "\(value)"
        try table.append(text, .element(first + i), file: file)
      }
      first += count
    }
    try problems.throwIfAny()
    return try table.targets(file: file, known: known, numbersClasses: true)
  }

  /// The rows that have a NaN.
  func rowsWithNaN() throws(DatasetError) -> Set<Int> {
    guard layout.type.isFloating, let rows = shape.first else { return [] }
    let columns = shape.dropFirst().reduce(1, *)
    var found: Set<Int> = []
    var first = 0
    try content.forEachPiece(from: offset) { raw in
      let count = raw.byteCount / layout.type.size
      for i in 0..<count where layout.number(i, of: raw).isNaN {
        found.insert(layout.fortranOrder ? (first + i) % rows : (first + i) / columns)
      }
      first += count
    }
    return found
  }

  /// The indices of the element at `place` in row-major order, as NumPy takes them.
  func indices(of place: Int) -> [Int] {
    var indices: [Int] = []
    var rest = place
    for length in shape.reversed() {
      indices.append(rest % length)
      rest /= length
    }
    return indices.reversed()
  }

  /// The flattened column of each column as a Fortran-order array stores them, one after the other.
  private func fortranColumns(columns: Int) -> [Int] {
    var stored = [Int](repeating: 0, count: columns)
    for column in 0..<columns {
      var rest = column
      var place = 0
      // The flattened index has its last dimension fastest; strides grow from the first.
      var stride = columns
      for length in shape.dropFirst().reversed() {
        stride /= length
        place += rest % length * stride
        rest /= length
      }
      stored[place] = column
    }
    return stored
  }
}
