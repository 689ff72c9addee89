import NeuralNetworks
import Storage

/// Reads the sources of the parts of data; what is wrong with several files is said at once.
struct PartReading {
  private let request: DataRequest
  private let limit: Int
  private let solutions: SolutionSource

  init(_ request: DataRequest, limit: Int, _ solutions: SolutionSource) {
    self.request = request
    self.limit = limit
    self.solutions = solutions
  }

  /// The training source.
  /// - Throws: `DatasetError`, with what is wrong with the values of the other files as well.
  func main() throws(DatasetError) -> Dataset {
    let network = request.network
    do throws(DatasetError) {
      var context = context
      context.tellsLeftOut = network != nil
      var main = try request.train.read(
        task: request.task, context, limit: limit, solutions: solutions)
      try network?.check(main)
      main.notes +=
        network?.notes(
          on: main, scaling: request.scaling, targetScaling: request.targetScaling) ?? []
      main.notes += constantTargets(main)
      return main
    } catch {
      throw problem(of: [error] + valueProblems())
    }
  }

  /// A sentence for each target of a regression that is the same in all rows.
  private func constantTargets(_ main: Dataset) -> [String] {
    guard case .values(let values) = main.targets, values.rows > 1 else { return [] }
    let targets = main.interface?.targets ?? []
    return ColumnRange.ranges(of: values, rows: 0..<Int32(values.rows)).enumerated().compactMap {
      index, range in
      guard range.isConstant else { return nil }
      let column =
        index < targets.count
        ? DataColumn(index: targets[index].position, name: targets[index].name)
        : DataColumn(index: index)
      return
        "\(main.source): \(column), the target, is \(Self.plain(range.least)) in every row, so there is nothing to "
        + "learn; check which column is the target"
    }
  }

  private static func plain(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// The parts that have files of their own.
  /// - Throws: `DatasetError`.
  func others(
    beside main: Dataset
  ) throws(DatasetError) -> (validation: Dataset?, test: Dataset?) {
    var found: [Dataset?] = []
    var failures: [DatasetError] = []
    for origin in [request.validation, request.test] {
      do throws(DatasetError) {
        found.append(try other(origin, beside: main))
      } catch {
        failures.append(error)
      }
    }
    guard failures.isEmpty else { throw problem(of: failures) }
    return (found[0], found[1])
  }

  private var context: ReadingContext {
    ReadingContext(
      known: request.network?.knownClasses, interface: request.network?.interface,
      owner: request.network.map { "the network \($0.file)" } ?? "", words: .schedule,
      hashing: RowHashing(isWanted: request.wantsHashes, key: request.rule.key),
      storage: request.storage,
      conversions: request.storage == .file ? request.conversions : nil,
      threads: request.threads)
  }

  /// What is wrong with the values in the files of the other parts, where the training part cannot say what
  /// their columns are.
  private func valueProblems() -> [DatasetError] {
    [request.validation, request.test].compactMap(\.ownSource).compactMap { source in
      error(of: source).flatMap { $0.isOfValues ? $0 : nil }
    }
  }

  private func error(of source: DataSource) -> DatasetError? {
    do throws(DatasetError) {
      _ = try source.read(task: request.task, context, limit: limit, solutions: solutions)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Several files

  private func problem(of failures: [DatasetError]) -> DatasetError {
    var errors: [DatasetError] = []
    for error in failures where !errors.contains(error) { errors.append(error) }
    if let different = differentSigns(errors) {
      errors = [different] + errors.filter { $0.otherDecimal == nil }
    }
    return errors.count == 1 ? errors[0] : .files(errors)
  }

  /// The one problem of files of which one has the decimal sign that another has not: no setting suits
  /// both.
  private func differentSigns(_ failures: [DatasetError]) -> DatasetError? {
    let sources = [request.train] + [request.validation, request.test].compactMap(\.ownSource)
    for failure in failures {
      guard let (column, problem) = failure.otherDecimal,
        case .otherDecimal(let text, let line, let sign, _) = problem
      else { continue }
      for source in sources where source.files != [failure.place] {
        guard let other = error(of: source.with(decimal: sign)), other.otherDecimal != nil else {
          continue
        }
        return .at(
          failure.place,
          "\(column) has numbers with a decimal \(sign.word) (\(excerpt(text)) in line \(line)), and "
            + "\(other.place) has them with a decimal \(sign.other.word); all files are read with one "
            + "sign, so write the numbers of one of them as the other has them")
      }
    }
    return nil
  }

  /// The rows of a part that has files of its own, checked against the training source.
  private func other(
    _ origin: DataRequest.PartOrigin, beside main: Dataset
  ) throws(DatasetError) -> Dataset? {
    guard let source = origin.ownSource else { return nil }
    let known = main.targets.classNames.map { KnownClasses(names: $0, training: main.source) }
    let context = ReadingContext(
      known: known, interface: main.interface, owner: "the training part (\(main.source))",
      words: .schedule, hashing: RowHashing(), storage: request.storage,
      conversions: request.storage == .file ? request.conversions : nil,
      threads: request.threads)
    let matched = main.interface == nil ? source : source.goingByModel
    let other = try matched.read(
      task: request.task, context, limit: limit, solutions: solutions)
    let counts: [(DatasetError.ArrayRole, Int, Int)] = [
      (.inputs, other.inputs.columns, main.inputs.columns),
      (.targets, other.targets.width, main.targets.width),
    ]
    for (role, columns, expected) in counts where columns != expected {
      throw .at(
        other.source,
        "\(counted(columns, "column")) of \(role.rawValue) where the training part (\(main.source)) has "
          + "\(expected); use files of the same layout")
    }
    return other
  }
}

extension DatasetError {
  /// Whether it is about values, or a file as a whole, and not about which columns there are.
  fileprivate var isOfValues: Bool {
    switch self {
    case .file, .value, .column: true
    case .several(_, let shown, _): shown.allSatisfy(\.isOfValues)
    case .named(_, let error), .selecting(_, let error): error.isOfValues
    case .classes, .files, .setting, .other: false
    }
  }

  /// The column with numbers of the other decimal sign, and what is wrong with it.
  fileprivate var otherDecimal: (DataColumn, ColumnProblem)? {
    switch self {
    case .column(_, let column, let problem):
      if case .otherDecimal = problem { return (column, problem) }
      return nil
    case .several(_, let shown, _): return shown.lazy.compactMap(\.otherDecimal).first
    default: return nil
    }
  }
}

extension DataSource {
  /// The same files, of which numbers have the sign `decimal`.
  fileprivate func with(decimal: CSVFormat.DecimalSign) -> DataSource {
    guard case .files(let files) = self else { return self }
    return .files(
      DataFiles(
        format: files.format, references: files.references, labels: files.labels,
        layout: CSVFormat(
          delimiter: files.layout.delimiter, header: files.layout.header, decimal: decimal),
        columns: files.columns))
  }

  /// The same files without columns of their own: they go by those of the training part.
  fileprivate var goingByModel: DataSource {
    guard case .files(let files) = self else { return self }
    return .files(
      DataFiles(
        format: files.format, references: files.references, layout: files.layout,
        columns: ColumnSettings(
          missing: files.columns.missing, dropsTargets: files.columns.dropsTargets,
          markers: files.columns.markers)))
  }
}
