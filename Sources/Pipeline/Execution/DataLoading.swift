import Formats
import Glibc

extension DataRecord {
  /// Reads the data, so that everything a plan has to know of them is known.
  ///
  /// - Parameter settings: the canonical data settings; a record serves no other.
  /// - Throws: `DatasetError`, `StoreError`.
  package static func reading(
    _ request: DataRequest, settings: JSONValue
  ) throws -> (record: DataRecord, parts: DataParts) {
    let parts = try request.load()
    let stamps = request.files.compactMap { FileStamp(path: FilePaths.absolute($0)) }
    var digests = ""
    for file in request.files { digests += Digest.sha256(try FilePaths.read(file)) + "\n" }
    let targets = parts.train.dataset.targets
    let facts = DataFacts(
      digest: Digest.sha256(digests), inputs: parts.train.dataset.inputs.columns,
      outputs: targets.width, classes: targets.classNames ?? [],
      trainingSamples: parts.train.count, validationSamples: parts.validation?.count,
      testSamples: parts.test?.count)
    return (DataRecord(settings: settings, files: stamps, facts: facts), parts)
  }

  /// Whether the record still speaks of what `request` would read.
  package func isCurrent(for request: DataRequest, settings: JSONValue) -> Bool {
    self.settings == settings && files.map(\.path) == request.files.map(FilePaths.absolute)
      && files.allSatisfy { FileStamp(path: $0.path) == $0 }
  }
}
