import NeuralNetworks
import NumericCore
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
  /// What decides in which part a row is.
  package let rule: SplitRule
  /// Whether a hash of each row of the training source is wanted besides.
  package var hashesRows = false
  /// Where inputs are while they are learnt.
  package var storage = DataStorage.memory
  /// Where tables are converted to files of numbers, for `storage: file`.
  package var conversions: TableConversions?
  /// Threads that read tables, at least 1; no number depends on it.
  package var threads = 1
  /// For the split.
  package let seed: UInt64
  /// The network that the data are for, where there is one already.
  package let network: NetworkInterface?

  package init(
    train: DataSource, validation: PartOrigin = .absent, test: PartOrigin = .absent,
    task: LearningTask, scaling: Scaling = .none, targetScaling: Scaling = .none,
    rule: SplitRule = .shuffle, seed: UInt64, network: NetworkInterface? = nil
  ) {
    self.rule = rule
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
    limit: Int = DataFile.defaultLimit,
    solutions: SolutionSource = .computed
  ) throws(DatasetError) -> DataParts {
    try scaled(try raw(limit: limit, solutions: solutions))
  }

  /// The parts of raw data, scaled by the training rows or as the network has it.
  ///
  /// - Throws: `DatasetError`.
  func scaled(_ raw: consuming RawParts) throws(DatasetError) -> DataParts {
    let train = raw.split.train
    var inputScale = network?.inputScale
    if inputScale == nil {
      inputScale = AffineScaling(scaling, fittedTo: raw.main.inputs, rows: train)
    }
    var targetScale = network?.targetScale
    if targetScale == nil, case .values(let values) = raw.main.targets {
      targetScale = AffineScaling(targetScaling, fittedTo: values, rows: train)
    }
    if let problem = raw.main.inputs.problem { throw problem }
    let pool = WorkerPool(threadCount: threads)
    try raw.main.scale(inputs: inputScale, targets: targetScale, pool: pool)
    try raw.validation?.scale(inputs: inputScale, targets: targetScale, pool: pool)
    try raw.test?.scale(inputs: inputScale, targets: targetScale, pool: pool)
    return raw.parts(inputScale: inputScale, targetScale: targetScale)
  }

  /// Reads and splits the data; what is missing is filled, nothing is scaled.
  ///
  /// - Throws: `DatasetError`.
  func raw(
    limit: Int, solutions: SolutionSource
  ) throws(DatasetError) -> RawParts {
    for file in files where NamedFile(file).isStream { throw .file(file, .readAgain) }
    guard task == .regression || targetScaling == .none else {
      throw .at(
        "scale_targets", "classes have no scale; remove it, or choose task: regression")
    }
    let parts = PartReading(self, limit: limit, solutions)
    var main = try parts.main()
    // Before what is missing is filled, and values are scaled, by what other rows there are.
    if wantsHashes { main.rowHashes = main.hashesOfRows() }
    if let problem = main.inputs.problem { throw problem }
    let split = try split(main)
    try main.fill(train.missing, from: split.train)
    let (validation, test) = try parts.others(beside: main)
    var raw = RawParts(main: main, split: split, validation: validation, test: test)
    if looksForCopies { raw.main.notes += CopiedRows(raw).notes }
    return raw
  }

  /// Whether it is told which rows stand in two parts: not of what generators make, whose rows differ, nor where that
  /// would read a large file once more.
  private var looksForCopies: Bool {
    if case .files = train { storage == .memory && rule == .shuffle } else { false }
  }

  /// The rows of each part of a training source of `groups` groups of rows that stay together; a part
  /// with files of its own is empty.
  /// - Throws: `DatasetError`.
  package func split(groups: Int, rowsPerGroup: Int) throws(DatasetError) -> Split {
    try Split(
      groups: groups, rowsPerGroup: rowsPerGroup, validation: validation.share,
      test: test.share, seed: seed)
  }

  /// The rows of each part of a training source of single rows with `targets`, by shuffling them.
  ///
  /// - Throws: `DatasetError`.
  package func split(
    _ targets: Dataset.Targets, of source: String
  ) throws(DatasetError) -> Split {
    try Split(
      targets, of: source, validation: validation.share, test: test.share, seed: seed)
  }

  private func split(_ main: Dataset) throws(DatasetError) -> Split {
    if main.rowsPerGroup > 1 {
      return try split(
        groups: main.rows / main.rowsPerGroup, rowsPerGroup: main.rowsPerGroup)
    }
    var hashes = main.rowHashes
    switch rule {
    case .shuffle: return try split(main.targets, of: main.source)
    case .content: break
    case .column(let key): hashes = try keys(main, key)
    }
    return try Split(
      hashes: hashes ?? [], by: rule, of: main.source, validation: validation.share,
      test: test.share, seed: seed)
  }

  private func keys(_ main: Dataset, _ key: ColumnSelector) throws(DatasetError) -> [UInt64] {
    if let keys = main.keyHashes { return keys }
    throw .selecting(
      .splitColumn,
      .at(
        main.source,
        "only tables have columns that say which rows belong together; write by: content"))
  }

  /// Whether rows are hashed, for the split or for whoever asks.
  var wantsHashes: Bool { hashesRows || rule.keepsSides }
}

extension DataRequest.PartOrigin {
  var ownSource: DataSource? {
    if case .source(let source) = self { source } else { nil }
  }

  fileprivate var share: PartSize? {
    if case .share(let size) = self { size } else { nil }
  }
}

/// Data as they are read and split, before they are scaled.
struct RawParts {
  var main: Dataset
  let split: Split
  /// Of parts with files of their own.
  var validation: Dataset?
  var test: Dataset?

  /// The parts of data that were scaled.
  func parts(inputScale: AffineScaling?, targetScale: AffineScaling?) -> DataParts {
    func part(_ own: Dataset?, _ rows: [Int32]) -> DatasetPart? {
      own.map { DatasetPart($0) } ?? (rows.isEmpty ? nil : DatasetPart(main, rows: rows))
    }
    return DataParts(
      train: DatasetPart(main, rows: split.train),
      validation: part(validation, split.validation), test: part(test, split.test),
      inputScale: inputScale, targetScale: targetScale)
  }
}

extension DataSource {
  /// What becomes of missing values of a table.
  fileprivate var missing: ColumnSettings.Missing {
    if case .files(let files) = self { files.columns.missing } else { .error }
  }
}
