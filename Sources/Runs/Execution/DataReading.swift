import Datasets
import Schedules
import Storage

/// Reads the data that a schedule or a study describes.
package struct DataReading {
  private let request: DataRequest
  /// The canonical settings; a record serves no others.
  private let settings: JSONValue
  private let missing: MissingData
  private let checkpoints: String

  /// - Parameters:
  ///   - file: the schedule's; paths are relative to its folder.
  ///   - seed: of the split.
  ///   - start: the trained network that the data have to suit.
  ///   - checkpoints: the folder of all runs, beside which solutions of generators are kept.
  ///   - hashesRows: whether a hash of each row is wanted.
  ///   - threads: that read tables.
  ///   - tellConversion: takes how far a table is on its way to a file of numbers.
  package init(
    _ data: DataSettings, of file: String, seed: UInt64, start: StartingModel? = nil,
    checkpoints: String, hashesRows: Bool = false, threads: Int,
    tellConversion: @escaping @Sendable (TableConversion) -> Void = { _ in }
  ) {
    let folder = NamedFile(file).folder
    var request = data.request(folder: folder, seed: seed, network: start?.interface)
    request.hashesRows = hashesRows
    request.threads = threads
    request.conversions = TableConversions(
      in: checkpoints + "/" + GeneratedSolutions.folderName, tell: tellConversion)
    self.request = request
    var settings = data.canonical(seed: seed)
    // The order of the classes is that of the network.
    if let start { settings["network"] = .string(start.digest) }
    if let classes = start?.classes {
      settings["classes"] = JSONValue(classes.map { .string($0) })
    }
    self.settings = settings
    missing = MissingData(data: data, file: file)
    self.checkpoints = checkpoints
  }

  /// What is known of the data, and the parts where they had to be read for it.
  ///
  /// - Parameter summarizing: whether it is wanted what the data are.
  /// - Throws: `DatasetError`, `StoreError`, `RunFailure.missing`, `.invalid`.
  package func record(summarizing: Bool = false) throws -> FirstReading {
    try missing.explaining {
      try DataRecord.reading(
        request, settings: settings, solutions: solutions(isWritable: false),
        summarizing: summarizing)
    }
  }

  /// The data in memory.
  ///
  /// - Parameter interruption: what is thrown where somebody has asked to stop; nil where nobody has. Only generators
  ///   ask, between rows.
  /// - Throws: `DatasetError`, `StoreError`, `RunFailure.missing`, and the interruption.
  package func parts(
    interruption: @escaping () -> RunFailure? = { nil }
  ) throws -> DataParts {
    guard case .generated = request.train else {
      return try missing.explaining { try request.load(solutions: solutions(isWritable: true)) }
    }
    do {
      let parts = try missing.explaining {
        try request.load(
          solutions: solutions(isWritable: true, isInterrupted: { interruption() != nil }))
      }
      if let interruption = interruption() { throw interruption }
      return parts
    } catch {
      throw interruption() ?? error
    }
  }

  /// What the data are; nil for generated ones.
  ///
  /// - Throws: `DatasetError`, `RunFailure.missing`.
  package func summary() throws -> DataSummary? {
    if case .generated = request.train { return nil }
    return try missing.explaining {
      try request.summary(solutions: solutions(isWritable: false))
    }
  }

  /// The files with the data, from the root; empty for generated ones.
  package var files: [String] { request.files.map(FilePaths.absolute) }

  /// Whether `record` still speaks of what would be read.
  package func isCurrent(_ record: DataRecord) -> Bool {
    record.isCurrent(for: request, settings: settings)
  }

  /// SHA-256 over the bytes of the files as they are now, read again, and over the settings of generators.
  ///
  /// - Throws: `DatasetError` for what is no regular file, `StoreError`, `RunFailure.missing`.
  func digest() throws -> String { try missing.explaining { try request.digest() } }

  /// Where the solutions of generated data come from, and whether new ones are kept.
  private func solutions(
    isWritable: Bool, isInterrupted: @escaping () -> Bool = { false }
  ) -> SolutionSource {
    let kept = GeneratedSolutions(checkpoints: checkpoints, isWritable: isWritable)
    return SolutionSource(isInterrupted: isInterrupted) {
      kept.solutions(of: $0, isInterrupted: isInterrupted)
    }
  }
}
