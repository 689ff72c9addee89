import Datasets
import Storage

/// Which columns of a table were read, for messages to someone whose model does not know them.
struct ReadColumns {
  /// The columns of the inputs; empty for what is no table.
  private let inputs: [DataColumn]
  /// The one target, where nobody has said which it is.
  private let assumedTarget: DataColumn?

  /// Those of a table with targets.
  init(_ dataset: Dataset, of source: DataSource, knowsColumns: Bool) {
    guard dataset.report != nil, let interface = dataset.interface else {
      (inputs, assumedTarget) = ([], nil)
      return
    }
    inputs = interface.inputs.map { DataColumn(index: $0.position, name: $0.name) }
    var isStated = knowsColumns
    if case .files(let files) = source, !files.labels.isEmpty { isStated = true }
    assumedTarget =
      isStated ? nil : interface.targets.first.map { DataColumn(index: $0.position, name: $0.name) }
  }

  /// Those of a table of inputs alone.
  init(_ rows: InputRows) {
    inputs = (rows.names ?? []).enumerated().map { DataColumn(index: $0.offset, name: $0.element) }
    assumedTarget = nil
  }

  /// Whether the table has names.
  var haveNames: Bool { inputs.contains { $0.name != nil } }

  /// What was taken for the target; nil where that is known.
  var labelNote: String? {
    assumedTarget.map {
      "label: \($0.name.flatMap { $0.isEmpty ? nil : $0.showingInvisible } ?? "\($0)"), the last column; --label says another"
    }
  }

  /// The columns in brackets, the first of them; empty where there are no names.
  var list: String {
    guard haveNames else { return "" }
    let most = 8
    let more = inputs.count > most ? ", … \(inputs.count) in all" : ""
    return " (\(inputs.prefix(most).map(\.description).joined(separator: ", "))\(more))"
  }

  /// What to do about so many more inputs than there should be, or fewer.
  ///
  /// Of a single one too many, the likeliest is named: a first column without a name, or called as an index
  /// is, else the last one, which is a label elsewhere.
  func advice(superfluous: Int, mayHaveLabel: Bool = false) -> String {
    if superfluous < 0 { return "; use data with a column for each of them" }
    guard superfluous > 0, haveNames, let first = inputs.first, let last = inputs.last else {
      return superfluous > 0
        ? "; leave out columns that are no inputs (--ignore COLUMN in a CSV)" : ""
    }
    let isIndex =
      first.name.map {
        $0.isEmpty || $0.hasPrefix("Unnamed") || ["index", "id"].contains($0.lowercased())
      } ?? false
    let column = isIndex ? first : mayHaveLabel ? last : nil
    guard superfluous == 1, let column else {
      return "; leave out those that are no inputs, each with --ignore COLUMN"
    }
    return "; leave out what is no input, such as \(column) with --ignore \(column.commandSelector)"
  }

  /// Why the column that was taken for the target cannot be the target of a network with `outputs` outputs;
  /// nil where it was said to be.
  func targetMisfit(outputs: Int, of file: String) -> String? {
    guard let target = assumedTarget else { return nil }
    return
      "\(file): the last column, \(target), was taken for the label, and its values are no classes "
      + "of a network with \(outputs) outputs (whole numbers from 0 to \(outputs - 1), or \(outputs) different "
      + "labels); name the label with --label, and leave out columns that are neither label nor input "
      + "with --ignore COLUMN"
  }
}
