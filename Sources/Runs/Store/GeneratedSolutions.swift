import Datasets
import ModelFiles
import NumericCore
import Storage

/// Keeps what generators compute in a folder beside the runs, so that the next run need not.
///
/// A file is named after the digest of the settings that it depends on, noise not among them. It is a
/// safetensors file with one F32 tensor, `solutions` [samples · times, points]; its metadata have the
/// settings and the digest of the data. A file that is damaged, or another's, is computed and written
/// anew. Where nothing can be written, nothing is kept, and that is no error.
package struct GeneratedSolutions: Sendable {
  /// The folder's name beside the runs; no run can be called so.
  package static let folderName = ".cache"

  private let folder: String
  private let isWritable: Bool

  /// - Parameters:
  ///   - checkpoints: the folder of all runs.
  ///   - isWritable: whether what is computed is kept.
  package init(checkpoints: String, isWritable: Bool) {
    folder = checkpoints + "/" + Self.folderName
    self.isWritable = isWritable
  }

  /// The file of `generator`'s solutions.
  package func path(of generator: DiffusionSorption) -> String {
    let digest = Digest.sha256(generator.solutionSettings.canonicalBytes)
    return "\(folder)/diffusion-sorption-\(digest.prefix(16)).safetensors"
  }

  /// The solutions of `generator`, kept or computed.
  ///
  /// - Parameter isInterrupted: whether somebody has asked to stop; what is unfinished then is not kept.
  package func solutions(
    of generator: DiffusionSorption, isInterrupted: () -> Bool = { false }
  ) -> Matrix {
    if let kept = kept(generator) { return kept }
    let solutions = generator.solutions(isInterrupted: isInterrupted)
    if isWritable, !isInterrupted() { keep(solutions, of: generator) }
    return solutions
  }

  private func kept(_ generator: DiffusionSorption) -> Matrix? {
    let path = path(of: generator)
    let (rows, columns) = (generator.samples * generator.times, generator.points)
    // A header takes a few hundred bytes; nothing much larger than the data is read.
    let limit = 4 * rows * columns + 65_536
    guard let bytes = try? FilePaths.readIfThere(path, limit: limit),
      let header = try? SafetensorsHeader(fileStart: bytes, fileSize: bytes.count),
      header.tensors.count == 1, let tensor = header.tensors.first, tensor.type == .f32,
      tensor.shape == [rows, columns]
    else { return nil }
    let data = Array(bytes[header.dataStart...])
    guard header.metadata["settings"]?.stringValue == generator.solutionSettings.canonical,
      header.metadata["sha256"]?.stringValue == Digest.sha256(data),
      let values = try? TensorValues.floats(data[...], type: .f32)
    else { return nil }
    return Matrix(rows: rows, columns: columns, values)
  }

  private func keep(_ solutions: Matrix, of generator: DiffusionSorption) {
    let data = TensorValues.bytes(solutions.elements)
    let metadata: JSONObject = [
      "settings": .string(generator.solutionSettings.canonical),
      "sha256": .string(Digest.sha256(data)),
    ]
    let forms = [
      (name: "solutions", type: SafetensorsType.f32, shape: [solutions.rows, solutions.columns])
    ]
    guard let header = try? SafetensorsHeader(placing: forms, metadata: metadata) else { return }
    do {
      try FilePaths.makeFolders(folder)
      try DurableFile.write(header.bytes + data, to: path(of: generator))
    } catch {
      // A run is as right without; it takes longer the next time.
    }
  }
}
