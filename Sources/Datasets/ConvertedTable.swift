import NeuralNetworks
import NumericCore
import Storage

/// A table that was converted to a file of numbers, so that these can be read where they lie: once for the content
/// of a file and the settings by which it is read.
///
/// Beside each other lie `table-….npy` with the inputs, `table-….targets.npy`, and `table-….json` with all that is
/// known of them besides, which is written last. The name is a digest of the text and of the settings.
struct ConvertedTable {
  private let folder: String
  private let name: String
  private let request: TableRequest
  private let path: String

  /// - Parameters:
  ///   - path: of the text.
  ///   - conversions: where files of numbers are kept.
  /// - Throws: `DatasetError`.
  init(_ path: String, _ request: TableRequest, _ conversions: TableConversions)
    throws(DatasetError)
  {
    guard !request.missing.isFilled else {
      throw .at(
        path,
        "storage: file and shard: true read numbers as they are, and missing ones are filled in memory; write "
          + "missing: error or drop, or leave the key out")
    }
    (folder, self.request, self.path) = (conversions.folder, request, path)
    var text = "\(ProgramVersion.current)\n\(path)\n"
    do throws(StoreError) {
      text += try Digest.sha256(fileAt: path)
    } catch {
      throw StoredFile.failure(error, path: path, limit: .max)
    }
    let context = request.context
    text +=
      "\n\(request.format)\n\(request.labels)\n\(request.columns)\n\(request.task as Any)"
      + "\n\(context.known as Any)\n\(context.interface as Any)\n\(context.owner)"
    name = "table-" + Digest.sha256(text).prefix(24)
  }

  private var inputs: String { "\(folder)/\(name).npy" }
  private var targets: String { "\(folder)/\(name).targets.npy" }
  private var record: String { "\(folder)/\(name).json" }

  /// The data set: kept, or converted now.
  /// - Throws: `DatasetError`.
  func dataset(limit: Int) throws(DatasetError) -> Dataset {
    // Hashes are of the texts.
    let mayBeKept = !request.context.hashing.isWanted
    if mayBeKept, let kept = try kept() { return kept }
    let isDamaged = mayBeKept && FilePaths.isTaken(record)
    do throws(StoreError) {
      try FilePaths.makeFolders(folder)
    } catch {
      throw .file(folder, .unwritten(error, bytes: nil))
    }
    var dataset = try CSVReader.dataset(
      DataFile.content(path, limit: .max), file: path, request, storingAt: inputs)
    dataset.conversion = name
    try keep(dataset)
    if isDamaged {
      dataset.warnings.append(
        "\(record): this file, or one of the numbers beside it, was damaged; all are made anew")
    }
    return dataset
  }

  /// The array of a file of numbers that was written here, as it stays there.
  static func stored(_ path: String) throws(DatasetError) -> DataMatrix {
    let array = try NPY.array(.file(StoredFile(path, limit: .max)), file: path)
    return .stored(try array.stored(.notFinite(text: "nan")).matrix)
  }

  private func keep(_ dataset: Dataset) throws(DatasetError) {
    do throws(StoreError) {
      let numbers: DataMatrix
      switch dataset.targets {
      case .classes(let labels, _):
        numbers = DataMatrix(rows: labels.count, columns: 1, labels.map(Double.init))
      case .values(let values): numbers = values
      }
      let bytes = NPY.bytes(of: numbers)
      try DurableFile.write(bytes, to: targets)
      var json = TableRecord(dataset).json.objectValue ?? [:]
      json["inputs_sha256"] = .string(try Digest.sha256(fileAt: inputs))
      json["targets_sha256"] = .string(Digest.sha256(bytes))
      try DurableFile.write(Array((SealedObject.line(of: json) + "\n").utf8), to: record)
    } catch {
      throw .file(error.path, .unwritten(error, bytes: nil))
    }
  }

  /// What was converted before; nil where it is not there, or not what was written.
  private func kept() throws(DatasetError) -> Dataset? {
    guard let bytes = try? FilePaths.readIfThere(record, limit: 64 << 20),
      let json = SealedObject.object(ofLine: bytes).map(JSONValue.object),
      let known = try? TableRecord(json: json),
      let digest = try? Digest.sha256(fileAt: inputs), json["inputs_sha256"]?.stringValue == digest,
      let numbers = try? FilePaths.readIfThere(targets, limit: .max),
      json["targets_sha256"]?.stringValue == Digest.sha256(numbers)
    else { return nil }
    let matrix = try NPY.array(numbers, file: targets).matrix(role: .targets)
    let targets: Dataset.Targets
    if let classes = known.classes {
      targets = .classes(
        (0..<matrix.rows).map { Int32(matrix[$0, 0]) }, names: classes)
    } else {
      targets = .values(matrix)
    }
    var dataset = Dataset(
      inputs: try Self.stored(inputs), targets: targets, source: path,
      featureNames: known.featureNames, interface: known.interface, notes: known.notes)
    dataset.report = known.report
    dataset.conversion = name
    return dataset
  }
}
