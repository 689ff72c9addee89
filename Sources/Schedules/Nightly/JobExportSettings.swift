import ModelFiles
import Storage

/// Files that every promoted network of a job is written to: their names, or what an `export` stage says of
/// them.
///
///     exports: [net.safetensors, net.onnx]
///     exports: {c: {file: net.c, int8: true, max_drop: 0.5}, onnx: net.onnx, drop_inputs: false}
package struct JobExportSettings: Sendable, Equatable {
  /// Each with a name without slashes that ends in the suffix of a format.
  package let targets: [ExportTarget]
  package let content: ExportContent

  /// Files with `content`.
  package init(targets: [ExportTarget], content: ExportContent) {
    self.targets = targets
    self.content = content
  }

  /// No files.
  package static let none = JobExportSettings(targets: [], content: .standard)

  /// Whether the names say all.
  private var isPlain: Bool {
    content == .standard && targets.allSatisfy { $0.options == ExportOptions() }
  }

  /// How it stands in a schedule.
  static var form: Form<JobExportSettings> {
    let list = name { ModelFormats.writing($0) }
      .list(of: "names of files, such as [net.safetensors]", 0...16)
    return Form(.either([list.shape, .block(block.description)])) { field in
      if case .mapping = field.node.content { return block.read(field) }
      guard let names = list.read(field), areDistinct(names, field) else { return nil }
      return JobExportSettings(
        targets: names.map { ExportTarget(file: $0) }, content: .standard)
    } write: { exports in
      exports.isPlain
        ? list.write(exports.targets.map(\.file)) : .object(block.encode(exports))
    }
  }

  /// Whether no file is there twice, which would be written twice over; otherwise that is reported.
  private static func areDistinct(_ names: [WrittenText], _ field: Field) -> Bool {
    var seen: Set<String> = []
    guard let index = names.firstIndex(where: { !seen.insert($0.value).inserted }) else {
      return true
    }
    let name = names[index].value
    field.list(of: "names of files")?[index].report(
      .unusableFile("\(name) is there already; give every file a name of its own"))
    return false
  }

  /// The same keys as those of an `export` stage.
  private static var block: Block<JobExportSettings> {
    let content = ExportContent.block(in: .job)
    let files = ModelFormats.all.compactMap { format in
      format.suffix.map { suffix in
        let path = name { $0.hasSuffix("." + suffix) ? format : nil }
        return (
          suffix: suffix, name: format.name,
          form: ExportTarget.form(format, suffix, in: .job, path: path)
        )
      }
    }.sorted { $0.suffix < $1.suffix }
    func description() -> BlockDescription {
      let settings = files.map { file in
        Setting(
          file.suffix, file.form.shape, .words("none"), "The name of \(file.name).",
          changesResult: false, examples: ["a", "b"].map { .string("\($0).\(file.suffix)") })
      }
      return BlockDescription(
        "nightly exports", "Files that every promoted network is written to.",
        settings + content.description.settings)
    }
    return Block(files.map(\.suffix) + content.keys, description()) { keys in
      let stated = files.filter { keys[$0.suffix] != nil }
      let targets = stated.compactMap { file in keys[file.suffix].flatMap(file.form.read) }
      guard let content = content.decode(keys), targets.count == stated.count else { return nil }
      if content.dropsInputs, targets.contains(where: \.options.int8) {
        keys["drop_inputs"]?.report(KeyFault.conflict(with: "int8"))
        return nil
      }
      return JobExportSettings(targets: targets, content: content)
    } encode: { exports in
      exports.targets.reduce(into: content.encode(exports.content)) { members, target in
        if let file = files.first(where: { target.file.value.hasSuffix("." + $0.suffix) }) {
          members[file.suffix] = file.form.write(target)
        }
      }
    }
  }

  /// The name of a file of the format that `format` gives for it.
  private static func name(
    _ format: @escaping (String) -> (any ModelFormat)?
  ) -> Form<WrittenText> {
    Form(.text("the name of a file")) { field in
      guard let text = field.string("the name of a file") else { return nil }
      let isName =
        !text.value.isEmpty && !text.value.hasPrefix(".") && text.value.utf8.count <= 128
        && text.value.unicodeScalars.allSatisfy { $0 != "/" && !$0.isInvisible }
      guard isName, let format = format(text.value) else {
        field.report(
          .outOfRange(
            text.value,
            allowed: "names of files without slashes that end in \(ModelFormats.suffixes)"))
        return nil
      }
      if let obstacle = format.obstacle(toName: text.value) {
        field.report(.unusableFile(obstacle))
        return nil
      }
      return text
    } write: {
      .string($0.written)
    }
  }
}
