import ArgumentParser
import ModelFiles
import Runs
import Storage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a model as others read it.",
    discussion: """
      The name of the output says the format. A .safetensors file is dense float32 with the names of an nn.Sequential (0.weight, 0.bias, \
      2.weight, …); pruned weights are exact zeros, and input scaling is folded into the first \
      layer, so that it takes raw inputs.
      """)

  @Argument(help: anyModelHelp)
  var checkpoint: String

  @Option(help: ArgumentHelp("The file to write: \(ModelFormats.suffixes).", valueName: "file"))
  var output: String

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    _ = try OutputFile.format(of: output)
  }

  func run() throws {
    let path = try folders.locator.checkpoint(checkpoint)
    try OutputFile.check(output, against: [path])
    try OutputFile.checkCompanions(of: output, against: [path])
    let model = try StoredModel(
      path: path, activation: stateDict.given, classes: stateDict.classes)
    let format = try OutputFile.format(of: output)
    // The folded network, a layer of it in float64, and the bytes of the file while they grow.
    try WorkMemory.demand(
      16 * Double(model.state.network.weightCount), for: "exporting \(path)",
      advice: "name a smaller model", present: MemoryAllowance.present)
    let files: [ExportedFile]
    do {
      files = try format.files(of: model.export, at: output)
    } catch {
      throw RunFailure.invalid("\(path): \(error)")
    }
    if let lineage = model.file.lineage {
      // Before there is a file that depends on the checkpoint.
      let note = ExportNote(
        checkpoint: path, lineage: lineage, output: output, time: Surroundings.process.now())
      if let warning = try note.write() { Output.warning(warning) }
    }
    format.losses(of: model.state).forEach(Output.warning)
    try OutputFile.write(files)
    try show.print(
      [
        "format": 1, "output": .string(output),
        "bytes": JSONValue(files.reduce(0) { $0 + $1.bytes.count }),
      ],
      or: files.map { "\($0.path): \(Figures.grouped($0.bytes.count)) bytes" }, beside: [output])
  }
}
