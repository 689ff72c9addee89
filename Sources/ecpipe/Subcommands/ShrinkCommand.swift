import ArgumentParser
import ModelFiles
import Runs
import Storage

struct ShrinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shrink",
    abstract: "Make a pruned model's layers smaller, without changing what it answers.",
    discussion: """
      Leaves out what cannot matter, exactly: a hidden unit without live inputs is a constant, which goes \
      into the biases of the next layer; units with the same weights, bias and slope become one; a unit \
      without live outputs goes; and so on until nothing more can go. Every layer keeps a unit. Weights that \
      are 0 count as removed. Outputs stay the same within rounding.

      Inputs that nothing reads are listed. With --drop-inputs they are left out, with their names and \
      scaling: then the model takes fewer columns, a CSV's by their names. A column that becomes several \
      inputs goes only where none of them is read.

      A state dict keeps its tensors' names, with smaller shapes; of any other model, --output is what \
      ecpipe export writes. As with ecpipe prune, that is no checkpoint: these are of stages alone, such as \
      shrink in a schedule that starts with the model.
      """,
    examples: [
      "ecpipe shrink digits --output small.onnx",
      "ecpipe shrink model.safetensors --output small.safetensors --drop-inputs",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var model: String

  @Option(
    help: ArgumentHelp("The file to write: \(ModelFormats.suffixes).", valueName: "file"),
    completion: .anyFile)
  var output: String

  @Flag(name: .customLong("drop-inputs"), help: "Leave out inputs that nothing reads.")
  var dropsInputs = false

  @Flag(
    name: .customLong("merge"), inversion: .prefixedNo,
    help: "Make one of units that give the same.")
  var merges = true

  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    _ = try OutputFile.format(of: output)
  }

  func run() throws {
    let path = try folders.locator.checkpoint(model)
    try OutputFile.checkModel(output, against: [path])
    let stored = try StoredModel(
      path: path, activation: stateDict.given, classes: stateDict.classes)
    try OutputFile.checkModel(output, against: stored.attachments)
    stored.notes.forEach(show.note)
    let outcome = try ModelShrinking(
      model: stored, mergesIdentical: merges, dropsInputs: dropsInputs,
      output: try OutputFile.format(of: output), at: output
    ).run()
    if let lineage = stored.file.lineage {
      // Before there is a file that depends on the checkpoint.
      let note = CheckpointNote(
        .exported, checkpoint: path, lineage: lineage, target: output,
        time: Surroundings.process.now())
      if let warning = try note.write() { Output.warning(warning) }
    }
    outcome.notices.forEach(show.tell)
    try OutputFile.write(outcome.files)
    let report = ShrinkReport(
      outcome: outcome, model: path, output: output, width: Output.width)
    try show.print(report.json, or: report.lines, beside: [output])
  }
}
