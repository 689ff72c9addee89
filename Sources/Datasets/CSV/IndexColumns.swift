/// Points out inputs that only number the rows.
enum IndexColumns {
  /// Names of columns that number rows, in small letters. pandas writes its index without a name, and reads
  /// that as `Unnamed: 0`.
  private static let names: Set = ["", "id", "index", "unnamed: 0"]
  /// Fewer rows show nothing.
  private static let fewestRows = 3

  /// A sentence for every input of such a name in which all numbers are whole and different.
  static func notes(_ data: Dataset, _ plan: ColumnPlan, words: SettingWords) -> [String] {
    guard data.rows >= fewestRows, let table = data.interface?.table, table.header else {
      return []
    }
    var notes: [String] = []
    var first = 0
    for input in plan.inputs {
      defer { first += input.width }
      guard let name = input.name, names.contains(name.lowercased()), case .number = input.kind,
        name != "" || input.position == 0, isIndex(data, first)
      else { continue }
      let column = DataColumn(index: input.position, name: name)
      notes.append(
        "\(data.source): \(column) only numbers the rows"
          + (name.isEmpty ? ", as pandas writes its index," : "")
          + " and is an input; write \(words.ignoring([column])) to leave it out")
    }
    return notes
  }

  private static func isIndex(_ data: Dataset, _ input: Int) -> Bool {
    var seen: Set<Int> = []
    seen.reserveCapacity(data.rows)
    for row in 0..<data.rows {
      guard let number = Int(exactly: data.inputs[row, input]), seen.insert(number).inserted
      else { return false }
    }
    return true
  }
}
