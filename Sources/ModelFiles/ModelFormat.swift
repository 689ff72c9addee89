import Engine
import NeuralNetworks
import NumericCore
import Storage

/// A form in which models lie in files: one folder beside this file, and one line in
/// `ModelFormats.all`.
///
/// A format that only reads leaves `suffix` and `bytes` out, one that only writes `recognizes` and
/// `read`, and says so by `isRead`. One that writes several files has `companions` and `files` in place of `bytes`.
package protocol ModelFormat: Sendable {
  /// What its files are, for messages: "a safetensors file with a state dict".
  var name: String { get }
  /// What the names of its files end in, without the dot, which chooses the format of an output; nil
  /// where `ecpipe` writes none for others.
  var suffix: String? { get }

  /// Whether its files are read, too.
  var isRead: Bool { get }

  /// Whether the file at `path` with the content `bytes` is meant to be one of this format, damaged
  /// or not.
  func recognizes(_ bytes: [UInt8], path: String) -> Bool

  /// The model in the file at `path`.
  /// - Parameters:
  ///   - bytes: the content of the file.
  ///   - activation: what follows the hidden layers of which the file does not say it.
  /// - Throws: `ModelFileError`.
  func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel

  /// Why no file of this format can hold `state`: what is wrong and what to do, as a clause. Nil where
  /// one can.
  func obstacle(to state: ModelState) -> String?

  /// Why no file of this format can be called as the one at `path`: what is wrong and what to do, as a
  /// clause. Nil where one can.
  func obstacle(toName path: String) -> String?

  /// What a file of this format cannot hold of `state`: a sentence for each column of which it loses
  /// values that the state tells apart.
  func losses(of state: ModelState) -> [String]

  /// The content of a file for others, which takes and gives raw units.
  /// - Parameter export: a model without an obstacle.
  /// - Throws: `ModelFileError.unsupported`.
  func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8]

  /// What may be asked of its files beside.
  var options: Set<ExportOption> { get }

  /// The paths of the files that are written with the one at `path`, such as a header beside a source.
  func companions(of path: String, _ options: ExportOptions) -> [String]

  /// The paths of files that an export to the same path with other options has left, and that nothing reads behind
  /// one that has written `files`.
  func leftovers(beside files: [ExportedFile]) -> [String]

  /// What its files call what they take and what they give; nil for a format without such names.
  var graphNames: ExportUse.Names? { get }

  /// All files for others: the one at `path`, then its companions in their order.
  /// - Parameter export: a model without an obstacle.
  /// - Throws: `ModelFileError.unsupported`.
  func files(of export: ModelExport, at path: String) throws(ModelFileError) -> [ExportedFile]

  /// Bytes of memory that making the files of `network` takes at a time, beside the network: no more than is certain.
  func writingBytes(of network: Network) -> Double

  /// What `export` takes in each form that there is of this format: unless stated, the bytes of its files. Empty
  /// for a format that is not written.
  func footprints(of export: ModelExport) -> [Footprint]
}

extension ModelFormat {
  package var suffix: String? { nil }

  package var isRead: Bool { true }

  package func recognizes(_ bytes: [UInt8], path: String) -> Bool { false }

  package func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    throw .unsupported("\(name) cannot be read; name another file")
  }

  package func obstacle(to state: ModelState) -> String? { FoldedNetwork.obstacle(to: state) }

  package func obstacle(toName path: String) -> String? { nil }

  package func losses(of state: ModelState) -> [String] { FoldedNetwork.losses(of: state) }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    throw .unsupported("\(name) cannot be written; choose another format")
  }

  package var options: Set<ExportOption> { [] }

  package var graphNames: ExportUse.Names? { nil }

  package func companions(of path: String, _ options: ExportOptions) -> [String] { [] }

  package func leftovers(beside files: [ExportedFile]) -> [String] { [] }

  /// The folded weights, their bytes, and the file; measured.
  package func writingBytes(of network: Network) -> Double { 13 * Double(network.weightCount) }

  package func files(
    of export: ModelExport, at path: String
  ) throws(ModelFileError) -> [ExportedFile] {
    [ExportedFile(path: path, bytes: try bytes(of: export))]
  }

  /// A sentence for each of `leftovers`.
  package func warnings(of files: [ExportedFile]) -> [String] {
    leftovers(beside: files).map { path in
      "\(path): this is of an earlier export, and \(files.first.map { FilePaths.name(of: $0.path) } ?? "nothing") "
        + "does not read it any more; remove it"
    }
  }

  package func footprints(of export: ModelExport) -> [Footprint] {
    guard let suffix else { return [] }
    let isPossible = obstacle(to: export.state) == nil
    let files = isPossible ? try? files(of: export, at: "model.\(suffix)") : nil
    return [
      Footprint(
        form: suffix, title: "bytes as \(suffix)",
        bytes: files?.byteCount)
    ]
  }
}
