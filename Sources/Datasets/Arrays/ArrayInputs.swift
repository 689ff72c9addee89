import NeuralNetworks
import NumericCore

/// The inputs in an array, and what becomes of NaN in them.
struct ArrayInputs {
  /// With 0 where a value is missing for which nothing stands.
  private(set) var matrix: DataMatrix
  /// Inputs for which the training part has to say what stands for them.
  private(set) var holes: MissingInputs
  /// Rows with a missing value for which nothing will stand, in order.
  private(set) var incomplete: [Int] = []
  /// Missing values of each column.
  private(set) var missing: [Int]
  /// Sentences about columns.
  let notes: [String]

  /// - Parameter request: of which the columns say what becomes of missing values.
  /// - Throws: `DatasetError`, for a missing value that is a problem as well.
  init(_ array: NumericArray, _ request: TableRequest) throws(DatasetError) {
    guard request.columns.ignored.isEmpty else {
      throw .at(
        request.context.words.ignoringForm,
        "\(array.file) is an array, of which all columns are inputs; leave the option out, and save the "
          + "array without the columns that are none")
    }
    let policy = request.missing
    let context = request.context
    let fills = Self.fills(context.interface)
    if context.storage == .file {
      guard policy == .error, !fills.contains(where: { $0 != nil }) else {
        throw .at(
          array.file,
          "storage: file and shard: true read numbers as they are, and missing ones are filled or left out in memory; "
            + "write missing: error, or leave the key out")
      }
      let stored = try array.stored(
        Self.missingKind(context).map { .missing(text: "nan", $0) } ?? .notFinite(text: "nan"))
      matrix = .stored(stored.matrix)
      notes = CoarseNumbers.notes(stored.coarse, file: array.file, names: nil, role: "input")
      missing = [Int](repeating: 0, count: matrix.columns)
      holes = MissingInputs(columns: matrix.columns)
      return
    }
    let isHole = policy != .error || fills.contains { $0 != nil }
    let kind = Self.missingKind(context)
    let problem: DatasetError.ValueProblem =
      kind.map { .missing(text: "nan", $0) } ?? .notFinite(text: "nan")
    let values = try array.values(role: .inputs, nan: isHole ? .hole : .wrong(problem))
    notes = CoarseNumbers.notes(values.coarse, file: array.file, names: nil, role: "input")
    matrix = values.matrix
    let columns = matrix.columns
    missing = [Int](repeating: 0, count: columns)
    holes = MissingInputs(columns: columns)
    var filled = [[Int32]](repeating: [], count: columns)
    var problems = ProblemList(file: array.file)
    for place in values.holes {
      let (row, column) = (place / columns, place % columns)
      missing[column] += 1
      if column < fills.count, fills[column] != nil {
        filled[column].append(Int32(row))
      } else if policy.isFilled {
        holes.add(row: row, input: column)
      } else if policy == .drop {
        if incomplete.last != row { incomplete.append(row) }
      } else {
        problems.add(.value(array.file, .element(array.indices(of: place)), problem))
      }
    }
    try problems.throwIfAny()
    matrix.replace(
      filled.enumerated().compactMap { column, rows in
        rows.isEmpty ? nil : (column, fills[column] ?? 0, rows)
      })
  }

  /// Leaves out `rows`.
  mutating func leaveOut(_ rows: Set<Int>) { matrix = matrix.without(rows) }

  /// What stands for a missing value of each input; empty where the model knows nothing of columns.
  private static func fills(_ interface: ModelInterface?) -> [Double?] {
    (interface?.inputs ?? []).flatMap { input -> [Double?] in
      switch input.kind {
      case .number(let fill): [fill]
      case .category(let levels, _): levels.map { _ in nil }
      }
    }
  }

  /// What can be done about a missing value; nil for nothing but what can be done about an infinity.
  private static func missingKind(_ context: ReadingContext) -> DatasetError.Missing? {
    if context.words.isOfSchedule { return .input }
    return context.interface?.inputs.isEmpty == false ? .inputOfModel : nil
  }
}

extension DataMatrix {
  /// The rows but those of `left`.
  func without(_ left: Set<Int>) -> DataMatrix {
    if left.isEmpty { return self }
    let kept = (0..<rows).filter { !left.contains($0) }
    var builder = DataMatrixBuilder(rows: kept.count, columns: columns)
    var values = [Double](repeating: 0, count: columns)
    for (index, row) in kept.enumerated() {
      copyRow(row, to: &values)
      builder.store(values, at: index * columns)
    }
    return builder.matrix
  }
}
