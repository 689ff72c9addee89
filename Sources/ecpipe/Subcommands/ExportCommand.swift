import ArgumentParser
import ModelFiles
import NeuralNetworks
import Reports
import Runs
import Storage

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a model as others read it.",
    discussion: """
      The name of the output says the format; printed are what the file takes and gives, in which order. Units that cannot matter are left out, which changes no answer \
      (ecpipe shrink says how); --no-shrink keeps the shapes.

      A .safetensors file is dense float32 with the names of an nn.Sequential (0.weight, 0.bias, \
      2.weight, …); an .onnx file is what ONNX Runtime and others run, for any number of rows. Pruned weights are exact zeros, and the \
      scaling of inputs and targets is folded in, so that a file takes and gives raw values.

      A .c file, with its header beside it, is C99 and C++ without allocation, recursion or libraries; \
      layers are compressed where that is smaller, and every compiler comes to the same bits. With \
      --int8 weights and activations are bytes, as CMSIS-NN has them: scales are found on --data, without it on \
      the training part of the model's run, and what that costs is measured on --test, else on the run's \
      validation part, else on --data.
      """,
    examples: [
      "ecpipe export digits --output digits.onnx",
      "ecpipe export digits --output digits.c --int8 --max-drop 0.5",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var checkpoint: String

  @Option(
    help: ArgumentHelp("The file to write: \(ModelFormats.suffixes).", valueName: "file"),
    completion: .anyFile)
  var output: String

  @Flag(inversion: .prefixedNo, help: "Leave out units that cannot matter.")
  var shrink = true

  @Flag(name: .customLong("drop-inputs"), help: "Leave out inputs that nothing reads, too.")
  var dropsInputs = false

  @OptionGroup var form: FileFormOptions
  @OptionGroup var data: SampleOptions<SamplesToCalibrate>
  @OptionGroup var stateDict: StateDictOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var show: OutputOptions

  func validate() throws {
    try form.check(for: OutputFile.format(of: output), output)
    if !form.int8, !data.files.isEmpty {
      throw ValidationError("--data and --test are for --int8; add it, or leave them out")
    }
    if dropsInputs, !shrink {
      throw ValidationError("--drop-inputs: this is a part of shrinking; leave --no-shrink out")
    }
    if dropsInputs, form.int8 {
      throw ValidationError(
        "--drop-inputs: --int8 finds scales on samples with all inputs; shrink the model to a file first "
          + "(ecpipe shrink --drop-inputs), and export that")
    }
  }

  func run() throws {
    let path = try folders.locator.checkpoint(checkpoint)
    let inputs = [path] + data.files
    try DataFileNames.demand(data.files)
    try OutputFile.checkModel(output, form.options, against: inputs, exportedFrom: path)
    let model = try StoredModel(
      path: path, activation: stateDict.given, classes: stateDict.classes)
    try OutputFile.checkModel(output, form.options, against: model.attachments, exportedFrom: path)
    model.notes.forEach(show.note)
    if let part = PartialResult(path, .process) { Output.warning("\(part)") }
    let format = try OutputFile.format(of: output)
    // What shrinking makes of the network, and the same in rows that are compared.
    try WorkMemory.demand(
      shrink ? 8 * Double(model.state.network.weightCount) : 0, for: "exporting \(path)",
      advice: "name a smaller model", present: MemoryAllowance.present)
    var export = model.export
    var report: ShrinkingReport?
    if shrink { (export, report) = export.shrunk(dropsInputs: dropsInputs) }
    export.options = form.options
    let files: [ExportedFile]
    var quantization: ModelQuantization?
    do {
      if form.int8 { quantization = try quantize(&export, model) }
      try format.demandMemory(toWrite: export.state.network, of: path)
      files = try format.files(of: export, at: output)
    } catch let error as ModelFileError {
      throw RunFailure.invalid("\(path): \(error)")
    }
    if let lineage = model.file.lineage {
      // Before there is a file that depends on the checkpoint.
      let note = CheckpointNote(
        .exported, checkpoint: path, lineage: lineage, target: output,
        time: Surroundings.process.now())
      if let warning = try note.write() { Output.warning(warning) }
    }
    format.losses(of: export.state).forEach(Output.warning)
    try OutputFile.write(files)
    let sizes = show.quiet ? nil : ModelSizes(inPassing: model)
    var json: JSONValue = [
      "format": 1, "output": .string(output),
      "bytes": JSONValue(files.byteCount),
      "shrinking": report?.json ?? .null, "sizes": sizes?.json ?? .null,
    ]
    if let quantization { json["int8"] = quantization.json }
    let use = ExportUse(export, format.graphNames)
    json["inputs"] = use.inputsJSON
    json["outputs"] = use.outputsJSON
    try show.print(
      json,
      or: files.map { "\($0.path): \(Figures.count($0.bytes.count, "byte"))" }
        + use.lines().flatMap { line in
          Output.width.map { WrappedText.lines(line, width: $0, indent: 2) } ?? [line]
        }
        + [quantization?.text].compactMap { $0 }
        + (report.map { $0.isEmpty ? [] : [ShrinkReport.summary($0)] } ?? [])
        + (sizes.map { [""] + SizesTable(sizes: $0, width: Output.width).lines } ?? []),
      beside: [output])
  }

  /// Makes bytes of the network.
  private func quantize(
    _ export: inout ModelExport, _ model: StoredModel
  ) throws -> ModelQuantization {
    let samples: ModelPruning.Samples =
      if let files = data.scored(table) {
        .files(files)
      } else {
        try OwnData(of: model.path, threads.surroundings).map { .own($0) } ?? .none
      }
    let quantization = try ModelQuantization(
      of: &export, model, samples: samples, test: data.test(table), pool: try threads.pool,
      tell: show.tell)
    try quantization.check(form.maxDrop, stage: "export", option: "--max-drop")
    return quantization
  }
}
