import Datasets
import Glibc
import Storage

/// Data as they were read for the first time.
package struct FirstReading {
  /// What is known of them.
  package let record: DataRecord
  /// The parts; nil where they did not have to be read.
  package var parts: DataParts?
  /// What they are; nil where nobody asked, or where they are generated altogether.
  package var summary: DataSummary?
}

extension DataRecord {
  /// Reads the data, so that everything a plan has to know of them is known. Data that are generated
  /// altogether are known without being computed: their parts come later.
  ///
  /// - Parameters:
  ///   - settings: the canonical data settings; a record serves no other.
  ///   - solutions: where a generator's solutions come from.
  ///   - summarizing: whether it is wanted what the data are.
  /// - Throws: `DatasetError`, `StoreError`, `RunFailure.invalid` when a file changes meanwhile.
  package static func reading(
    _ request: DataRequest, settings: JSONValue,
    solutions: SolutionSource = .computed, summarizing: Bool = false
  ) throws -> FirstReading {
    if let facts = try request.generatedFacts() {
      return FirstReading(record: DataRecord(settings: settings, files: [], facts: facts))
    }
    let paths = request.files.map(FilePaths.absolute)
    let stamps = paths.compactMap { FileStamp(path: $0) }
    stamps.forEach { $0.awaitNextChangeToShow() }
    // A thread takes address space, by which files are measured where there is a limit of it, and of which data in
    // their file are to leave as much as they can.
    let isBeside =
      request.threads > 1 && request.storage == .memory && MemoryAllowance.addressSpaceLeft == nil
    let pendingDigest = isBeside ? PendingDigest(request) : nil
    let parts: DataParts
    var summary: DataSummary?
    if summarizing, case .files = request.train {
      let read = try request.summarized(solutions: solutions)
      (parts, summary) = (read.parts, read.summary)
    } else {
      parts = try request.load(solutions: solutions)
    }
    let digest = try pendingDigest?.value() ?? request.digest()
    for path in paths {
      guard let stamp = FileStamp(path: path), stamps.contains(stamp) else {
        throw RunFailure.invalid("\(path): the file changed while it was read; run again")
      }
    }
    let targets = parts.train.dataset.targets
    let facts = DataFacts(
      digest: digest, inputs: parts.train.dataset.inputs.columns,
      outputs: targets.width, classes: targets.classNames ?? [],
      trainingSamples: parts.train.count, validationSamples: parts.validation?.count,
      testSamples: parts.test?.count)
    let record = DataRecord(
      settings: settings, files: stamps, facts: facts, notes: parts.notes,
      warnings: parts.warnings, tables: parts.conversions)
    return FirstReading(record: record, parts: parts, summary: summary)
  }

  /// Whether the record still speaks of what `request` would read.
  package func isCurrent(for request: DataRequest, settings: JSONValue) -> Bool {
    self.settings == settings
      && files.map(\.path) == request.files.map(FilePaths.absolute)
      && files.allSatisfy { FileStamp(path: $0.path) == $0 }
  }
}

extension DataRequest {
  fileprivate var generators: [DataGenerator] {
    sources.compactMap { if case .generated(let generator) = $0 { generator } else { nil } }
  }

  /// What a plan has to know where every source is a generator; nil elsewhere.
  fileprivate func generatedFacts() throws -> DataFacts? {
    guard case .generated(let main) = train else { return nil }
    func samples(_ origin: PartOrigin, _ rows: Int) throws -> Int?? {
      switch origin {
      case .absent: return .some(nil)
      case .share: return rows
      case .source(.generated(let own)):
        guard own.inputs == main.inputs, own.classNames == main.classNames else { return nil }
        return own.rows
      case .source: return nil
      }
    }
    let split = try split(of: main)
    guard let validation = try samples(validation, split.validation.count),
      let test = try samples(test, split.test.count),
      network?.inputs ?? main.inputs == main.inputs
    else { return nil }
    return DataFacts(
      digest: try digest(), inputs: main.inputs, outputs: main.outputs,
      classes: main.classNames, trainingSamples: split.train.count, validationSamples: validation,
      testSamples: test)
  }

  /// SHA-256 over the bytes of all files as stored, in the order of their use, and over the settings
  /// of generators.
  ///
  /// - Throws: `DatasetError` for what is no regular file, `StoreError`.
  func digest() throws -> String {
    for file in files where NamedFile(file).isStream { throw DatasetError.file(file, .readAgain) }
    do throws(StoreError) {
      return try Digest.sha256(
        ofFiles: files,
        before: generators.map { Digest.sha256($0.canonical.canonicalBytes) + "\n" }.joined())
    } catch {
      if error.isOfNoFile { throw DatasetError.file(error.path, .notRegular) }
      throw error
    }
  }
}

extension FileStamp {
  /// Waits until the clock of the file system has left the tick of the file's last change, so that
  /// another change would get another time.
  fileprivate func awaitNextChangeToShow() {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = now.tv_sec * 1_000_000_000 + now.tv_nsec - modified
    let tick = 20_000_000
    if age >= 0, age < tick { usleep(UInt32((tick - age) / 1000)) }
  }
}
