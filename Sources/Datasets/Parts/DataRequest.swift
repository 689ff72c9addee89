import NeuralNetworks
import Storage

/// Which data a run wants: sources of the parts, and scaling.
package struct DataRequest: Sendable, Equatable {
  /// Where a part other than the training part comes from.
  package enum PartOrigin: Sendable, Equatable {
    case absent
    /// Files of its own.
    case source(DataSource)
    /// Rows split off from the training source.
    case share(PartSize)
  }

  package let train: DataSource
  package let validation: PartOrigin
  package let test: PartOrigin
  package let task: LearningTask
  package let scaling: Scaling
  /// For regression; `none` for classification.
  package let targetScaling: Scaling
  /// For the split.
  package let seed: UInt64
  /// The network that the data are for, where there is one already.
  package let network: NetworkInterface?

  package init(
    train: DataSource, validation: PartOrigin = .absent, test: PartOrigin = .absent,
    task: LearningTask, scaling: Scaling = .none, targetScaling: Scaling = .none, seed: UInt64,
    network: NetworkInterface? = nil
  ) {
    self.train = train
    self.validation = validation
    self.test = test
    self.task = task
    self.scaling = scaling
    self.targetScaling = targetScaling
    self.seed = seed
    self.network = network
  }

  /// The sources of the parts, in the order train, validation, test.
  package var sources: [DataSource] {
    [train] + [validation, test].compactMap(\.ownSource)
  }

  /// The paths of all files, each as often as it is named, in the order of the sources.
  package var files: [String] { sources.flatMap(\.files) }

  /// Reads, splits and scales the data.
  ///
  /// The rows of a source are held once, whatever parts they are split into.
  /// - Parameter solutions: where a generator's solutions come from.
  /// - Throws: `DatasetError`.
  package func load(
    limit: Int = DataFile.defaultLimit, solutions: SolutionSource = { $0.solutions() }
  ) throws(DatasetError) -> DataParts {
    for file in files where NamedFile(file).isStream { throw .file(file, .readAgain) }
    guard task == .regression || targetScaling == .none else {
      throw .at(
        "scale_targets", "classes have no scale; remove it, or choose task: regression")
    }
    var main = try train.read(
      task: task, known: network?.knownClasses, interface: network?.interface, limit: limit,
      solutions: solutions)
    try network?.check(main)
    let split = try split(main)
    var validationOwn = try other(validation, beside: main, limit: limit, solutions)
    var testOwn = try other(test, beside: main, limit: limit, solutions)

    var inputScale = network?.inputScale
    if inputScale == nil {
      inputScale = AffineScaling(scaling, fittedTo: main.inputs, rows: split.train)
    }
    var targetScale = network?.targetScale
    if targetScale == nil, case .values(let values) = main.targets {
      targetScale = AffineScaling(targetScaling, fittedTo: values, rows: split.train)
    }
    try main.scale(inputs: inputScale, targets: targetScale)
    try validationOwn?.scale(inputs: inputScale, targets: targetScale)
    try testOwn?.scale(inputs: inputScale, targets: targetScale)

    func part(_ own: Dataset?, _ rows: [Int32]) -> DatasetPart? {
      own.map { DatasetPart($0) } ?? (rows.isEmpty ? nil : DatasetPart(main, rows: rows))
    }
    return DataParts(
      train: DatasetPart(main, rows: split.train),
      validation: part(validationOwn, split.validation),
      test: part(testOwn, split.test), inputScale: inputScale, targetScale: targetScale)
  }

  /// The rows of each part of a training source of `groups` groups of rows that stay together; a part
  /// with files of its own is empty.
  /// - Throws: `DatasetError`.
  package func split(groups: Int, rowsPerGroup: Int) throws(DatasetError) -> Split {
    try Split(
      groups: groups, rowsPerGroup: rowsPerGroup, validation: validation.share,
      test: test.share, seed: seed)
  }

  private func split(_ main: Dataset) throws(DatasetError) -> Split {
    if main.rowsPerGroup > 1 {
      return try split(
        groups: main.rows / main.rowsPerGroup, rowsPerGroup: main.rowsPerGroup)
    }
    return try Split(main.targets, validation: validation.share, test: test.share, seed: seed)
  }

  /// The rows of a part that has files of its own, checked against the training source.
  private func other(
    _ origin: PartOrigin, beside main: Dataset, limit: Int, _ solutions: SolutionSource
  ) throws(DatasetError) -> Dataset? {
    guard let source = origin.ownSource else { return nil }
    let known = main.targets.classNames.map { KnownClasses(names: $0, training: main.source) }
    let other = try source.read(task: task, known: known, limit: limit, solutions: solutions)
    let counts: [(DatasetError.ArrayRole, Int, Int)] = [
      (.inputs, other.inputs.columns, main.inputs.columns),
      (.targets, other.targets.width, main.targets.width),
    ]
    for (role, columns, expected) in counts where columns != expected {
      throw .at(
        other.source,
        "there are \(columns) columns of \(role.rawValue) where the training part (\(main.source)) has "
          + "\(expected); use files of the same layout")
    }
    let names = zip(other.featureNames ?? [], main.featureNames ?? [])
    for (column, (name, expected)) in names.enumerated() where name != expected {
      throw .at(
        other.source,
        "input column \(column) is named \(excerpt(name)) where the training part (\(main.source)) "
          + "has \(excerpt(expected)); put the columns in the same order")
    }
    return other
  }
}

extension DataRequest.PartOrigin {
  fileprivate var ownSource: DataSource? {
    if case .source(let source) = self { source } else { nil }
  }

  fileprivate var share: PartSize? {
    if case .share(let size) = self { size } else { nil }
  }
}
