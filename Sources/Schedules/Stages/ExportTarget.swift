import ModelFiles
import Storage

/// A file that an `export` stage writes: its path, or a mapping of `file` and what its format knows beside.
///
///     c: model.c
///     c: {file: model.c, int8: true, max_drop: 0.5}
package struct ExportTarget: Sendable, Equatable {
  package let file: WrittenText
  package var options = ExportOptions()

  /// Where targets stand.
  package enum Place: String, Sendable {
    /// In a stage, whose files they are.
    case stage = "export"
    /// In the settings of a job, on whose exports no stage depends.
    case job = "nightly export"
  }

  /// How the files of `format`, whose names end in `suffix`, stand in a schedule.
  /// - Parameter path: how a file alone does.
  package static func form(
    _ format: any ModelFormat, _ suffix: String, in place: Place = .stage,
    path: Form<WrittenText> = .path()
  ) -> Form<ExportTarget> {
    if format.options.isEmpty { return path.map({ file, _ in ExportTarget(file: file) }, \.file) }
    let block = block(format, suffix, in: place, path)
    return Form(.either([path.shape, .block(block.description)])) { field in
      if case .mapping = field.node.content { return block.read(field) }
      return path.read(field).map { ExportTarget(file: $0) }
    } write: { target in
      target.options == ExportOptions() ? path.write(target.file) : .object(block.encode(target))
    }
  }

  private static func block(
    _ format: any ModelFormat, _ suffix: String, in place: Place, _ path: Form<WrittenText>
  ) -> Block<ExportTarget> {
    let known = ExportOption.allCases.filter(format.options.contains)
    func description() -> BlockDescription {
      let file = Setting(
        "file", path.shape, .required, "Where to write it.", changesResult: false,
        examples: ["a", "b"].map { .string("\($0).\(suffix)") })
      return BlockDescription(
        "\(place.rawValue) \(suffix)", "A file with what is asked for beside its format.",
        [file] + known.map { setting($0, in: place) })
    }
    return Block(["file"] + known.map(\.rawValue), description()) { keys in
      guard let field = keys["file"] else {
        keys.reportMissing("file")
        return nil
      }
      guard let file = path.read(field) else { return nil }
      var target = ExportTarget(file: file)
      for option in known {
        guard let field = keys[option.rawValue] else { continue }
        guard target.options.read(option, field) else { return nil }
      }
      if let option = target.options.withoutInt8 {
        (keys[option.rawValue] ?? keys.field).reportKind(expected: "int8: true beside it")
        return nil
      }
      return target
    } encode: { target in
      var members: JSONObject = ["file": .string(target.file.written)]
      // What has no value is not there, so that the form can be read again.
      for member in target.options.json where member.value != .null {
        if known.contains(where: { $0.rawValue == member.name }) {
          members[member.name] = member.value
        }
      }
      return members
    }
  }

  /// How each option is described.
  private static func setting(_ option: ExportOption, in place: Place) -> Setting {
    let changes = place == .stage
    return switch option {
    case .int8:
      Setting(
        option.rawValue, .boolean, .standard(false),
        "Weights and activations of eight bits, calibrated on the training part.",
        changesResult: changes)
    case .maxDrop:
      Setting(
        option.rawValue, ExportOptions.drop.shape, .words("any"),
        "What int8 may cost on the validation part, else on the training part: points of accuracy, or percent of the rmse; where it "
          + "costs more, \(changes ? "the stage" : "the night") fails.", changesResult: false,
        beside: ["int8": true])
    case .separateWeights:
      Setting(
        option.rawValue, .boolean, .standard(false), "Weights in a file of their own.",
        changesResult: changes)
    case .prefix:
      Setting(
        option.rawValue, .text("a name"), .words("that of the file"),
        "What all names in the sources begin with.", changesResult: changes,
        examples: ["net", "digits"])
    case .sparseInitializers:
      Setting(
        option.rawValue, .boolean, .standard(false),
        "Weights without their zeros where that is smaller: on disk only, ONNX Runtime makes them dense.",
        changesResult: changes)
    case .sparseBitmask:
      Setting(
        option.rawValue, .boolean, .standard(false),
        "Weights without their zeros where that is smaller, in the layout sparse-bitmask of "
          + "compressed-tensors.", changesResult: changes)
    }
  }
}

extension ExportOptions {
  /// Points, or percent.
  package static var drop: Form<Double> { .number(.notNegative) }

  /// Reads one of them; false where it is wrong, which is reported.
  fileprivate mutating func read(_ option: ExportOption, _ field: Field) -> Bool {
    switch option {
    case .int8:
      guard let value = Form<Bool>.boolean().read(field) else { return false }
      int8 = value
    case .separateWeights:
      guard let value = Form<Bool>.boolean().read(field) else { return false }
      separateWeights = value
    case .sparseInitializers:
      guard let value = Form<Bool>.boolean().read(field) else { return false }
      sparseInitializers = value
    case .sparseBitmask:
      guard let value = Form<Bool>.boolean().read(field) else { return false }
      sparseBitmask = value
    case .maxDrop:
      guard let value = Self.drop.read(field) else { return false }
      maxDrop = value
    case .prefix:
      let what = "a letter, then letters, digits and single underscores"
      guard let text = field.string(what)?.value else { return false }
      guard Self.canBePrefix(text) else {
        field.reportKind(expected: what)
        return false
      }
      prefix = text
    }
    return true
  }

  /// By their words, all defaults written out.
  fileprivate var json: JSONObject {
    [
      "int8": .bool(int8), "max_drop": JSONValue(maxDrop),
      "separate_weights": .bool(separateWeights), "prefix": JSONValue(prefix),
      "sparse_initializers": .bool(sparseInitializers), "sparse_bitmask": .bool(sparseBitmask),
    ]
  }

  /// What of them the content of files depends on.
  package var keyMaterial: JSONObject {
    var members = json
    members["max_drop"] = nil
    return members
  }
}
