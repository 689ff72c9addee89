/// By what the fields of a table become numbers: the same for all its rows.
struct CSVRowRules {
  let table: CSVTable
  let plan: ColumnPlan
  /// What becomes of missing values.
  let policy: ColumnSettings.Missing
  let dropsTargets: Bool
  let keepsRows: Bool
  /// Whether the rows are read for a model.
  let isOfModel: Bool
  let words: SettingWords
  /// Targets of a row that are numbers.
  let values: Int
  /// Hashes of no rows yet; nil where nobody asks.
  let hashes: CSVRowHashes?
  /// Of each column: how many from it on are numbers that can be read the short way, for inputs one behind the
  /// other.
  let runs: [Int]

  private let isClassification: Bool

  /// - Parameter hashes: where rows are hashed; nil for nowhere.
  init(
    _ table: CSVTable, _ plan: ColumnPlan, _ request: TableRequest, hashes: CSVRowHashes? = nil
  ) {
    self.table = table
    self.plan = plan
    self.hashes = hashes
    policy = request.missing
    dropsTargets = request.dropsTargets
    keepsRows = request.keepsRows
    isOfModel = request.context.interface != nil
    words = request.context.words
    values = request.task == .regression ? plan.targets.count : 0
    isClassification = request.task == .classification
    runs =
      table.start.missing.haveNumbers
      ? [Int](repeating: 0, count: plan.roles.count) : Self.runs(plan.roles)
  }

  /// Room for the labels of `rows` rows; nil where there are none.
  func classes(rows: Int) -> ClassTable? {
    isClassification
      ? ClassTable(
        rows: rows, column: plan.targets.first.map(table.column), decimal: table.decimal) : nil
  }

  /// What can be done about a missing value.
  func missingKind(isTarget: Bool) -> DatasetError.Missing {
    if words == .command { return isTarget || !isOfModel ? .measured : .inputOfModel }
    return isTarget ? .target : .input
  }

  private static func runs(_ roles: [ColumnPlan.Role]) -> [Int] {
    var runs = [Int](repeating: 0, count: roles.count)
    for column in roles.indices.reversed() {
      guard let input = roles[column].numberInput else { continue }
      let goesOn = column + 1 < roles.count && roles[column + 1].numberInput == input + 1
      runs[column] = 1 + (goesOn ? runs[column + 1] : 0)
    }
    return runs
  }
}

extension ColumnPlan.Role {
  /// The input that a number of the column is; nil for another column.
  var numberInput: Int? {
    if case .number(let input, _) = self { input } else { nil }
  }

  /// What a number of the column is; nil where it has none.
  var numberUse: LargeNumber.Use? {
    switch self {
    case .number(let input, _): .input(input)
    case .value(let target): .target(target)
    case .category, .label, .ignored: nil
    }
  }
}
