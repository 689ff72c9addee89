import Engine
import NumericCore

/// All formats of models in files.
package enum ModelFormats {
  /// What none of them recognizes is taken for a checkpoint, which says what is wrong with it.
  package static let all: [any ModelFormat] = [
    StateDictFormat(), ONNXFormat(), NPZFormat(), CFormat(), CheckpointFormat(),
  ]

  /// What the names of files to be written may end in.
  package static var suffixes: String {
    all.compactMap(\.suffix).map { "." + $0 }.joined(separator: ", ")
  }

  /// What files can be read: "a checkpoint, or …".
  package static var names: String { all.filter(\.isRead).map(\.name).joined(separator: ", or ") }

  /// The format that the name of the output `path` asks for; nil for none.
  package static func writing(_ path: String) -> (any ModelFormat)? {
    all.first { $0.suffix.map { path.hasSuffix("." + $0) } ?? false }
  }

  /// Whether the file at `path` with the content `bytes` is meant to be a checkpoint, damaged or not.
  package static func isCheckpoint(_ bytes: [UInt8], path: String) -> Bool {
    ForeignFile(bytes, path: path) == nil && !all.contains { $0.recognizes(bytes, path: path) }
  }

  /// That the file at `path` with the content `bytes` holds something other than a model that can be read, and what
  /// to do; nil where nothing tells.
  package static func foreign(_ bytes: [UInt8], path: String) -> String? {
    ForeignFile(bytes, path: path)?.advice(path: path)
  }

  /// The model in the file at `path`.
  /// - Parameters:
  ///   - bytes: the content of the file.
  ///   - activation: what follows the hidden layers of which the file does not say it.
  /// - Throws: `ModelFileError`.
  package static func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    if let reason = foreign(bytes, path: path) { throw .unsupported(reason) }
    let format: any ModelFormat =
      all.first { $0.recognizes(bytes, path: path) } ?? CheckpointFormat()
    let model = try format.read(bytes, path: path, activation: activation)
    if let activation, model.saysActivations,
      let layer = model.state.network.layers.dropLast().first(where: {
        $0.activation != activation
      })
    {
      throw .activationDiffers(given: activation, layer: layer.name, found: layer.activation)
    }
    return model
  }
}
