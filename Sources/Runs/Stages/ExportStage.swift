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
/// A key for every format that can be written, by the end of its files' names. Units that cannot matter are
/// left out unless `shrink: false` is there. Paths are relative to the schedule's folder, and no part of the
/// key: the stage is done as long as its last files have these paths and are there as they were written.
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
      if let obstacle = format.obstacle(toName: file) {
        place.report(.unusableFile(obstacle))
        return nil
      }
      (self.format, self.suffix, self.target, path) = (format, suffix, target, file)
    }

    /// All files that are written.
    var files: [String] { [path] + format.companions(of: path, target.options) }
  }

  /// At least one, in the order of their suffixes.
  private let outputs: [Output]
  private let content: ExportContent

  package static var word: String { "export" }
  package static var kinds: [StageKind] { [.export] }

  package static func block(in context: StageContext) -> Block<ExportStage> {
    let formats = ModelFormats.all.compactMap { format in format.suffix.map { (format, $0) } }
      .sorted { $0.1 < $1.1 }
    let content = ExportContent.block(in: .stage)
    func description() -> BlockDescription {
      let settings = formats.map { format, suffix in
        Setting(
          suffix, ExportTarget.form(format, suffix).shape, .usual("at least one of the formats"),
          "Where to write \(format.name).", changesResult: false,
          examples: ["a", "b"].map { .string("\($0).\(suffix)") })
      }
      return BlockDescription(
        "export", "Writes the model as others read it.", settings + content.description.settings)
    }
    return Block(formats.map(\.1) + content.keys, description()) { keys in
      let stated = formats.filter { keys[$0.1] != nil }
      if stated.isEmpty { _ = keys.exactlyOne(of: formats.map(\.1)) }
      let outputs = stated.compactMap { Output($0, $1, at: keys[$1]) }
      guard let content = content.decode(keys), !stated.isEmpty,
        outputs.count == stated.count
      else { return nil }
      if content.dropsInputs, outputs.contains(where: \.target.options.int8) {
        keys["drop_inputs"]?.report(KeyFault.conflict(with: "int8"))
        return nil
      }
      return ExportStage(outputs: outputs, content: content)
    } encode: { stage in
      stage.outputs.reduce(into: content.encode(stage.content)) {
        $0[$1.suffix] = ExportTarget.form($1.format, $1.suffix).write($1.target)
      }
    }
  }

  package func plan(in builder: inout PlanBuilder) throws {
    for file in files { try builder.claim(file: file) }
    builder.add(.leaf(self))
  }

  package var kind: StageKind { .export }

  /// Whether one of its files has the network in bytes.
  var makesBytes: Bool { outputs.contains(where: \.target.options.int8) }

  package var files: [String] { outputs.flatMap(\.files) }

  package func keyMaterial(name: String) -> JSONObject {
    // By name, because two of them may write the same model to two files.
    var material = ExportContent.block(in: .stage).encode(content)
    material["name"] = .string(name)
    material["formats"] = JSONValue(outputs.map { .string($0.suffix) })
    for output in outputs where output.target.options.keyMaterial != ExportOptions().keyMaterial {
      material[output.suffix] = .object(output.target.options.keyMaterial)
    }
    return material
  }

  package func run(on model: ModelState, _ work: LeafWork) throws -> LeafResult {
    do {
      let whole = ModelExport(model, origin: try work.origin())
      let form = content.shrinks ? whole.shrunk(dropsInputs: content.dropsInputs).export : whole
      var notices: [Notice] = []
      var files: [ExportedFile] = []
      // All are made before one is written.
      for output in outputs {
        var export = form
        export.options = output.target.options
        if export.options.int8 {
          let quantization = try ModelQuantization(of: &export, in: work.stage)
          try quantization.check(
            export.options.maxDrop, stage: work.stage.name, option: ExportOption.maxDrop.rawValue)
          notices.append(.note("\(FilePaths.name(of: output.path)): \(quantization.text)"))
        }
        try output.format.demandMemory(
          toWrite: export.state.network, of: "the model of stage \(work.stage.name)")
        let own = try output.format.files(of: export, at: output.path)
        files += own
        notices += output.format.warnings(of: own).map(Notice.warning)
        notices += output.format.losses(of: export.state).map(Notice.warning)
      }
      return LeafResult(
        files: try work.write(files.map { ($0.path, $0.bytes) }), notices: notices)
    } catch let error as ModelFileError {
      throw RunFailure.failed(stage: work.stage.name, reason: "\(error)")
    }
  }
}

extension ExportStage {
  // The rows that bytes are compared with floats on.
  package func memory(_ architecture: Architecture) -> StageMemory {
    let rows = ModelQuantization.rows(products: architecture.weightCount)
    return StageMemory(measured: makesBytes ? rows : 0)
  }
}
