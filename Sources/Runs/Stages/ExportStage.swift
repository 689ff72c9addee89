import ModelFiles
import NeuralNetworks
import Schedules
import Storage

extension StageKind {
  package static let export = StageKind(leaf: "export")
}

/// An `export` stage, which writes the model as others read it.
///
///     export: {safetensors: digits.safetensors}
///
/// A key for every format that can be written, by the end of its files' names. Paths are relative to the
/// schedule's folder, and no part of the key: the stage is done as long as its last files have these
/// paths and are there as they were written.
package struct ExportStage: StageEntry, LeafStage {
  /// One of its files.
  private struct Output {
    let format: any ModelFormat
    /// What the file's name ends in.
    let suffix: String
    /// As the schedule has it.
    let target: ExportTarget
    /// From the root, with all links followed.
    let path: String

    /// - Returns: nil where the path at `place` is wrong; it is reported.
    init?(_ format: any ModelFormat, _ suffix: String, at place: Field?) {
      guard let place, let target = ExportTarget.form(format, suffix).read(place) else {
        return nil
      }
      let stated = target.file.value
      let file = FilePaths.real(FilePaths.resolve(stated, in: place.context.folder))
      guard stated.hasSuffix("." + suffix), !FilePaths.isFolder(file) else {
        place.reportKind(expected: "the path of a file that ends in .\(suffix)")
        return nil
      }
      (self.format, self.suffix, self.target, path) = (format, suffix, target, file)
    }

    /// All files that are written.
    var files: [String] { [path] + format.companions(of: path, target.options) }
  }

  /// At least one, in the order of their suffixes.
  private let outputs: [Output]

  package static var word: String { "export" }
  package static var kinds: [StageKind] { [.export] }

  package static func block(in context: StageContext) -> Block<ExportStage> {
    let formats = ModelFormats.all.compactMap { format in format.suffix.map { (format, $0) } }
      .sorted { $0.1 < $1.1 }
    let settings = formats.map { format, suffix in
      Setting(
        suffix, ExportTarget.form(format, suffix).shape, .usual("at least one of the formats"),
        "Where to write \(format.name).", changesResult: false,
        examples: ["a", "b"].map { .string("\($0).\(suffix)") })
    }
    let description = BlockDescription("export", "Writes the model as others read it.", settings)
    return Block(description) { keys in
      let stated = formats.filter { keys[$0.1] != nil }
      if stated.isEmpty { _ = keys.exactlyOne(of: description.keys) }
      let outputs = stated.compactMap { Output($0, $1, at: keys[$1]) }
      return stated.isEmpty || outputs.count < stated.count ? nil : ExportStage(outputs: outputs)
    } encode: {
      JSONObject(
        $0.outputs.map { ($0.suffix, ExportTarget.form($0.format, $0.suffix).write($0.target)) })
        ?? [:]
    }
  }

  package func plan(in builder: inout PlanBuilder) throws {
    for file in files { try builder.claim(file: file) }
    builder.add(.leaf(self))
  }

  package var kind: StageKind { .export }

  package var files: [String] { outputs.flatMap(\.files) }

  package func keyMaterial(name: String) -> JSONObject {
    // By name, because two of them may write the same model to two files.
    var material: JSONObject = [
      "name": .string(name), "formats": JSONValue(outputs.map { .string($0.suffix) }),
    ]
    for output in outputs where output.target.options.keyMaterial != ExportOptions().keyMaterial {
      material[output.suffix] = .object(output.target.options.keyMaterial)
    }
    return material
  }

  package func run(on model: ModelState, _ work: LeafWork) throws -> LeafResult {
    do {
      var notes: [String] = []
      var files: [ExportedFile] = []
      // All are made before one is written.
      for output in outputs {
        let options = output.target.options
        var export = ModelExport(model, origin: try work.origin(), options: options)
        if options.int8 {
          let quantization = try ModelQuantization(of: &export, in: work.stage)
          try quantization.check(options.maxDrop, stage: work.stage.name)
          notes.append("\(FilePaths.name(of: output.path)): \(quantization.text)")
        }
        files += try output.format.files(of: export, at: output.path)
        notes += output.format.losses(of: model)
      }
      return LeafResult(
        files: try files.map { try work.write($0.bytes, to: $0.path) }, notes: notes)
    } catch let error as ModelFileError {
      throw RunFailure.failed(stage: work.stage.name, reason: "\(error)")
    }
  }
}
