import NeuralNetworks
import Storage

/// What becomes of each column of a table.
struct ColumnPlan {
  /// What a field of a column is.
  enum Role {
    /// The input of this number; `fill` stands for a missing value.
    case number(Int, fill: Double?)
    /// One of the inputs from this number on, by the levels of this number.
    case category(Int, levels: Int)
    /// The target of this number.
    case value(Int)
    case label
    case ignored

    /// Whether nothing is read of the column.
    var isIgnored: Bool {
      if case .ignored = self { true } else { false }
    }
  }

  /// The texts of a column that are told apart.
  struct Levels {
    let names: [String]
    let indices: [ExactText: Int]
    let unknownIsZero: Bool
    /// The level of a missing value, where there is one.
    let missing: Int?

    init(_ names: [String], unknownIsZero: Bool) {
      self.names = names
      self.unknownIsZero = unknownIsZero
      indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { (ExactText($1), $0) })
      missing = indices[ExactText("")]
    }
  }

  /// In the order of the network's inputs, with the places in the table.
  let inputs: [ModelInterface.Input]
  /// The columns of the targets, in their order.
  let targets: [Int]
  /// Columns that are left out.
  let ignored: [Int]
  /// Of each column.
  let roles: [Role]
  /// Of the columns that are categories.
  let levels: [Levels]
  /// Numbers of inputs of the network.
  let width: Int
  /// Sentences to show the user.
  var notes: [String] = []

  /// - Parameter areTargetsAll: whether nothing but targets is wanted.
  /// - Throws: `DatasetError` if no column is an input where some should be.
  init(
    _ table: CSVTable, inputs: [ModelInterface.Input], targets: [Int], task: LearningTask?,
    areTargetsAll: Bool = false
  ) throws(DatasetError) {
    guard !inputs.isEmpty || areTargetsAll else {
      throw table.columns == 1 ? table.oneColumn : .file(table.file, .noInputColumns)
    }
    var roles = [Role](repeating: .ignored, count: table.columns)
    var isUsed = [Bool](repeating: false, count: table.columns)
    var levels: [Levels] = []
    var width = 0
    for input in inputs {
      isUsed[input.position] = true
      switch input.kind {
      case .number(let fill): roles[input.position] = .number(width, fill: fill)
      case .category(let names, let unknownIsZero):
        roles[input.position] = .category(width, levels: levels.count)
        levels.append(Levels(names, unknownIsZero: unknownIsZero))
      }
      width += input.width
    }
    for (i, column) in targets.enumerated() {
      isUsed[column] = true
      switch task {
      case .classification: roles[column] = .label
      case .regression: roles[column] = .value(i)
      case nil: roles[column] = .ignored
      }
    }
    self.inputs = inputs
    self.targets = targets
    self.roles = roles
    self.levels = levels
    self.width = width
    ignored = isUsed.indices.filter { !isUsed[$0] }
  }

  /// The names of the network's inputs: of a category `column=level`.
  func featureNames(of table: CSVTable) -> [String]? {
    guard table.names != nil || !levels.isEmpty else { return nil }
    return inputs.flatMap { input -> [String] in
      let name = table.names?[input.position] ?? String(input.position)
      switch input.kind {
      case .number: return [name]
      case .category(let levels, _): return levels.map { "\(name)=\($0)" }
      }
    }
  }

  /// What a model that is made from the table knows of it.
  func interface(of table: CSVTable, _ request: TableRequest) -> ModelInterface {
    ModelInterface(
      inputs: inputs,
      targets: targets.map { ModelInterface.Column(name: table.names?[$0], position: $0) },
      table: table.layout(ignoring: ignored), dropsMissing: request.dropsTargets,
      missingMarkers: request.markers.texts)
  }
}
