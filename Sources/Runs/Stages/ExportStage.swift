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
    /// As written in the schedule.
    let written: String
    /// From the root, with all links followed.
    let path: String

    /// - Returns: nil where the path at `place` is wrong; it is reported.
    init?(_ format: any ModelFormat, _ suffix: String, at place: Field?) {
      guard let place, let stated = Form.path().read(place) else { return nil }
      let file = FilePaths.real(FilePaths.resolve(stated.value, in: place.context.folder))
      guard stated.value.hasSuffix("." + suffix), !FilePaths.isFolder(file) else {
        place.reportKind(expected: "the path of a file that ends in .\(suffix)")
        return nil
      }
      (self.format, self.suffix, written, path) = (format, suffix, stated.written, file)
    }
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
        suffix, .path, .usual("at least one of the formats"), "Where to write \(format.name).",
        examples: ["a", "b"].map { .string("\($0).\(suffix)") })
    }
    let description = BlockDescription("export", "Writes the model as others read it.", settings)
    return Block(description) { keys in
      let stated = formats.filter { keys[$0.1] != nil }
      if stated.isEmpty { _ = keys.exactlyOne(of: description.keys) }
      let outputs = stated.compactMap { Output($0, $1, at: keys[$1]) }
      return stated.isEmpty || outputs.count < stated.count ? nil : ExportStage(outputs: outputs)
    } encode: {
      JSONObject($0.outputs.map { ($0.suffix, .string($0.written)) }) ?? [:]
    }
  }

  package func plan(in builder: inout PlanBuilder) throws {
    for file in files { try builder.claim(file: file) }
    builder.add(.leaf(self))
  }

  package var kind: StageKind { .export }

  package var files: [String] {
    outputs.flatMap { [$0.path] + $0.format.companions(of: $0.path, ExportOptions()) }
  }

  package func keyMaterial(name: String) -> JSONObject {
    // By name, because two of them may write the same model to two files.
    ["name": .string(name), "formats": JSONValue(outputs.map { .string($0.suffix) })]
  }

  package func run(on model: ModelState, _ work: LeafWork) throws -> LeafResult {
    do {
      let export = ModelExport(model, origin: try work.origin())
      let files = try outputs.flatMap { try $0.format.files(of: export, at: $0.path) }
      return LeafResult(
        files: try files.map { try work.write($0.bytes, to: $0.path) },
        notes: outputs.flatMap { $0.format.losses(of: model) })
    } catch let error as ModelFileError {
      throw RunFailure.failed(stage: work.stage.name, reason: "\(error)")
    }
  }
}
