import Pipeline
import ArgumentParser
import ModelFiles
import Runs
import Storage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a model as others read it.",
    discussion: """
      A .safetensors file is dense float32 with the names of an nn.Sequential (0.weight, 0.bias, \
      2.weight, …); pruned weights are exact zeros, and input scaling is folded into the first \
      layer, so that it takes raw inputs.
      """)

  @Argument(help: modelHelp)
  var checkpoint: String

  @Option(help: ArgumentHelp("The .safetensors file to write.", valueName: "file"))
  var output: String

  @OptionGroup var folders: FolderOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    guard output.hasSuffix(".safetensors") else {
      throw ValidationError(
        "--output \(output): the name has to end in .safetensors, the form that is written")
    }
  }

  func run() throws {
    let path = try folders.locator.checkpoint(checkpoint)
    try OutputFile.check(output, against: [path])
    let contents = try StoredCheckpoint.contents(of: path)
    let bytes = try PyTorchExport.encode(contents.state)
    // Before there is a file that depends on the checkpoint.
    let note = ExportNote(checkpoint: path, lineage: contents.lineage, output: output)
    if let warning = try note.write() { Output.error("warning: \(warning)") }
    try DurableFile.write(bytes, to: output)
    if show.json {
      let json: JSONValue = [
        "format": 1, "output": .string(output), "bytes": JSONValue(bytes.count),
      ]
      try show.line(json.readable)
    } else {
      try show.line("\(output): \(Figures.grouped(bytes.count)) bytes")
    }
  }
}
