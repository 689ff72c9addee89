import ArgumentParser
import Formats
import Pipeline

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a model as others read it.",
    discussion: """
      A .safetensors file is dense float32 with the names of an nn.Sequential (0.weight, 0.bias, \
      2.weight, …); pruned weights are exact zeros, and input scaling is folded into the first \
      layer, so that it takes raw inputs.
      """)

  @Argument(help: "A checkpoint, or a run, which stands for its result.")
  var checkpoint: String

  @Option(help: "The .safetensors file to write.")
  var output: String

  @OptionGroup var folders: FolderOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    guard output.hasSuffix(".safetensors") else {
      throw ValidationError("--output \(output): the name has to end in .safetensors")
    }
  }

  func run() throws {
    try reporting {
      let path = try folders.locator.checkpoint(checkpoint)
      let contents = try StoredCheckpoint.contents(of: path)
      let bytes = try PyTorchExport.encode(contents.state)
      try DurableFile.write(bytes, to: output)
      if show.json {
        let json: JSONValue = [
          "format": 1, "output": .string(output), "bytes": JSONValue(bytes.count),
        ]
        show.line(json.readable)
      } else {
        show.line("\(output): \(Figures.grouped(bytes.count)) bytes")
      }
    }
  }
}
