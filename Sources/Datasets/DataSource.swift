/// Where rows come from: one file, one for inputs and one for targets, or a generator.
package enum DataSource: Sendable, Equatable {
  /// The columns of `labels` are the targets, all others the inputs.
  case csv(String, labels: [ColumnSelector], format: CSVFormat = CSVFormat())
  /// Paths of IDX files.
  case idx(images: String, labels: String)
  case npy(inputs: ArrayFile, targets: ArrayFile)
  /// Computed; for regression.
  case generated(DiffusionSorption)

  /// The paths of the files that this source consists of, each once: what a digest of the data is
  /// to cover.
  package var files: [String] {
    switch self {
    case .csv(let path, _, _): [path]
    case .idx(let images, let labels): images == labels ? [images] : [images, labels]
    case .npy(let inputs, let targets):
      inputs.path == targets.path ? [inputs.path] : [inputs.path, targets.path]
    case .generated: []
    }
  }

  /// Reads all rows.
  /// - Parameters:
  ///   - known: the classes of the training part, where this is another part.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  ///   - solutions: where a generator's solutions come from.
  /// - Throws: `DatasetError`.
  package func read(
    task: LearningTask, known: KnownClasses? = nil, limit: Int = DataFile.defaultLimit,
    solutions: SolutionSource = { $0.solutions() }
  ) throws(DatasetError) -> Dataset {
    switch self {
    case .csv(let path, let labels, let format):
      return try CSVReader.dataset(
        path, format: format, labels: labels, task: task, known: known, limit: limit)
    case .idx(let images, let labels):
      return try Self.dataset(
        inputs: IDX.array(try DataFile.content(images, limit: limit), file: images),
        targets: IDX.array(try DataFile.content(labels, limit: limit), file: labels),
        task: task, known: known)
    case .npy(let inputs, let targets):
      return try Self.dataset(
        inputs: inputs.read(role: .inputs, limit: limit),
        targets: targets.read(role: .targets, limit: limit), task: task, known: known)
    case .generated(let generator):
      return generator.dataset(solutions: solutions(generator))
    }
  }

  private static func dataset(
    inputs: NumericArray, targets: NumericArray, task: LearningTask, known: KnownClasses?
  ) throws(DatasetError) -> Dataset {
    guard inputs.shape.first == targets.shape.first else {
      throw .array(
        targets.file,
        .rowCountsDiffer(
          targets: targets.shape.first ?? 1, inputs: inputs.shape.first ?? 1,
          inputsFile: inputs.file))
    }
    let values: Dataset.Targets =
      switch task {
      case .classification: try targets.classes(known: known)
      case .regression: .values(try targets.matrix(role: .targets))
      }
    return Dataset(
      inputs: try inputs.matrix(role: .inputs), targets: values, source: inputs.file)
  }
}
