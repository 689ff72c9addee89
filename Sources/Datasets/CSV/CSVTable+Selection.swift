import Storage

/// Finding columns by selectors.
extension CSVTable {
  /// The indices of the selected columns, each exactly one.
  /// - Throws: `DatasetError` for a column that is not there, not unique or selected twice.
  func indices(of selectors: [ColumnSelector]) throws(DatasetError) -> [Int] {
    var indices: [Int] = []
    for selector in selectors {
      let index = try index(of: selector)
      guard !indices.contains(index) else {
        throw twice(index)
      }
      indices.append(index)
    }
    return indices
  }

  /// The same for a label or another setting, which the error names.
  func indices(
    of selectors: [ColumnSelector], for setting: DataSetting
  ) throws(DatasetError) -> [Int] {
    try setting.selecting { () throws(DatasetError) in try indices(of: selectors) }
  }

  /// The same for `ignore` or another setting, which the error names.
  func indices(
    matching selectors: [ColumnSelector], besides taken: [Int], for setting: DataSetting
  ) throws(DatasetError) -> [Int] {
    try setting.selecting { () throws(DatasetError) in
      try indices(matching: selectors, besides: taken)
    }
  }

  private func twice(_ index: Int) -> DatasetError {
    .at(file, "\(column(index)) is selected twice; name each column once")
  }

  /// The columns that are selected by names, patterns and indices, in the order of the selectors, each
  /// once.
  ///
  /// - Parameter taken: columns that no pattern selects.
  /// - Throws: `DatasetError` for a selector that selects nothing, or that selects by name or index what
  ///   another one does.
  func indices(matching selectors: [ColumnSelector], besides taken: [Int]) throws(DatasetError)
    -> [Int]
  {
    var found: [Int] = []
    var plain: Set<Int> = []
    var isFound = [Bool](repeating: false, count: columns)
    func add(_ index: Int) {
      if !isFound[index] { found.append(index) }
      isFound[index] = true
    }
    for selector in selectors {
      guard case .name(let text) = selector, let names, NamePattern.isPattern(text),
        !names.contains(text)
      else {
        let index = try index(of: selector)
        guard plain.insert(index).inserted else { throw twice(index) }
        add(index)
        continue
      }
      let matching = names.indices.filter { NamePattern.matches(text, names[$0]) }
      guard !matching.isEmpty else {
        throw .at(
          file,
          "no name of a column fits \(excerpt(text)); the columns are \(excerpts(names))")
      }
      matching.filter { !taken.contains($0) }.forEach(add)
    }
    return found
  }

  /// The column without a name that pandas calls `name` when it reads the file.
  private static func unnamed(_ name: String, in names: [String]) -> Int? {
    names.indices.first { names[$0].isEmpty && name == "Unnamed: \($0)" }
  }

  private func index(of selector: ColumnSelector) throws(DatasetError) -> Int {
    switch selector {
    case .last: return columns - 1
    case .index(let index):
      guard index >= 0, index < columns else {
        throw .at(
          file,
          "there is no column \(index); choose an index from 0 to \(columns - 1), or last"
            + (columns == 1 ? " (\(delimiterClause))" : ""))
      }
      return index
    case .name(let name):
      guard let names else {
        throw .at(
          file,
          "the column \(excerpt(name)) is selected by name in a file without a header; select it by "
            + "its index, counted from 0")
      }
      if !names.contains(name), let unnamed = Self.unnamed(name, in: names) { return unnamed }
      guard let index = names.firstIndex(of: name) else {
        let nearest = nearestWord(to: name, among: names).map { "; did you mean \(excerpt($0))?" }
        throw .at(
          file,
          "there is no column \(excerpt(name))\(nearest ?? ";") \(nearest == nil ? "the" : "The") columns "
            + "are \(excerpts(names)), \(delimiterClause)")
      }
      guard names.lastIndex(of: name) == index else {
        throw .at(
          file,
          "several columns are named \(excerpt(name)); select one by its index, counted from 0")
      }
      return index
    }
  }
}
