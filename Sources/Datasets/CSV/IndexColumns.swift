/// Points out inputs that only number the rows.
enum IndexColumns {
  /// Names of columns that number rows, in small letters. pandas writes its index without a name, and reads
  /// that as `Unnamed: 0`.
  private static let names: Set = ["", "id", "index", "unnamed: 0"]
  /// Fewer rows show nothing.
  private static let fewestRows = 3

  /// Fewer rows without a name show nothing.
  private static let fewestNamelessRows = 5

  /// A sentence for every input of such a name in which all numbers are whole and different, or for the
  /// first column of a table without names where it counts the rows.
  static func notes(_ data: Dataset, _ plan: ColumnPlan, words: SettingWords) -> [String] {
    guard data.rows >= fewestRows, let table = data.interface?.table else { return [] }
    guard table.header else { return namelessNotes(data, plan, words) }
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
          + " and is an input; \(words.leavingOut([column])) to leave it out")
    }
    return notes
  }

  private static func namelessNotes(
    _ data: Dataset, _ plan: ColumnPlan, _ words: SettingWords
  ) -> [String] {
    guard data.rows >= fewestNamelessRows, let first = plan.inputs.first, first.position == 0,
      case .number = first.kind, counts(data)
    else { return [] }
    let column = DataColumn(index: 0)
    return [
      "\(data.source): \(column) only numbers the rows and is an input; "
        + "\(words.leavingOut([column])) to leave it out"
    ]
  }

  /// Whether the first input counts the rows from 0 or 1; rows can be left out.
  private static func counts(_ data: Dataset) -> Bool {
    let start = data.inputs[0, 0]
    let all = Double(data.report?.rows ?? data.rows)
    guard start >= 0, data.inputs[data.rows - 1, 0] <= start + all - 1,
      start <= 1 + all - Double(data.rows)
    else { return false }
    var previous = start - 1
    for row in 0..<data.rows {
      let number = data.inputs[row, 0]
      guard number == number.rounded(), number > previous else { return false }
      previous = number
    }
    return true
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
