import ArgumentParser
import ModelFiles

/// What may be asked of files for others beside their format.
struct FileFormOptions: ParsableArguments {
  @Flag(help: "C: weights and activations of eight bits, with scales found on samples.")
  var int8 = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What --int8 may cost: points of accuracy, or percent of the rmse. Where it costs more, nothing is "
        + "written, and the exit code is 1.", valueName: "points"))
  var maxDrop: Double?

  @Flag(help: "C: the weights in a file of their own, NAME_weights.h beside NAME.c.")
  var separateWeights = false

  @Option(
    help: ArgumentHelp(
      "C: what all names in the sources begin with. Without it, the name of the file.",
      valueName: "name"))
  var prefix: String?

  @Flag(
    help: "ONNX: weights without their zeros; smaller on disk only, ONNX Runtime makes them dense.")
  var sparseInitializers = false

  @Flag(
    help: ArgumentHelp(
      "safetensors: weights without their zeros, in the layout sparse-bitmask of compressed-tensors."
    ))
  var sparseBitmask = false

  /// As values.
  var options: ExportOptions {
    var options = ExportOptions()
    options.int8 = int8
    options.maxDrop = maxDrop
    options.separateWeights = separateWeights
    options.prefix = prefix
    options.sparseInitializers = sparseInitializers
    options.sparseBitmask = sparseBitmask
    return options
  }

  func validate() throws {
    if let maxDrop, !(maxDrop >= 0 && maxDrop.isFinite) {
      throw ValidationError("--max-drop \(maxDrop): give points or percent, 0 or more")
    }
    if let option = options.withoutInt8 {
      throw ValidationError("\(option.commandLine) is for --int8; add it")
    }
    if let prefix, !ExportOptions.canBePrefix(prefix) {
      throw ValidationError(
        "--prefix \(prefix): give a letter, then up to 39 letters, digits and single underscores")
    }
  }

  /// - Throws: `ValidationError` for an option that `format`, that of the file `path`, does not know.
  func check(for format: any ModelFormat, _ path: String) throws {
    if let option = options.unknown(to: format) {
      throw ValidationError(
        "\(option.commandLine) and --output \(path): \(format.name) knows no such option; leave it out, or "
          + "choose another format")
    }
  }
}
