import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

@Suite("Formats of models")
struct ModelFormatsTests {
  private var state: ModelState {
    var draws = Draws(seed: 3)
    return ModelState(
      network: draws.network([4, 3, 2], .gelu, densities: [2]), classes: ["a", "b"])
  }

  @Test("the end of an output's name says its format, and unknown ones are known to be unknown")
  func suffixes() {
    for format in ModelFormats.all {
      guard let suffix = format.suffix else { continue }
      #expect(ModelFormats.writing("a/b.\(suffix)")?.name == format.name)
      #expect(ModelFormats.writing("a/\(suffix)") == nil)
      #expect(ModelFormats.suffixes.contains("." + suffix))
    }
    #expect(ModelFormats.writing("model.pt") == nil)
  }

  @Test("whatever is written and can be read comes back, told apart by its content")
  func roundTrips() throws {
    for format in ModelFormats.all {
      guard let suffix = format.suffix else { continue }
      let path = "m.\(suffix)"
      let files = try format.files(of: ModelExport(state), at: path)
      let bytes = try #require(files.first).bytes
      #expect(files.map(\.path) == [path] + format.companions(of: path, ExportOptions()))
      #expect(format.recognizes(bytes, path: path) == format.isRead)
      guard format.isRead else { continue }
      let model = try ModelFormats.read(bytes, path: path, activation: nil)
      #expect(model.state == state)
      #expect(model.saysTask && model.units == .open)
    }
    let checkpoint = try encoded(CheckpointContents(state: state))
    #expect(StateDictFormat().recognizes(checkpoint, path: "c.safetensors") == false)
  }

  @Test("an activation that is not the file's is refused")
  func activation() throws {
    let bytes = try StateDictFormat().bytes(of: ModelExport(state))
    #expect(
      try ModelFormats.read(bytes, path: "m", activation: .gelu).state.network == state.network)
    let error = #expect(
      throws: ModelFileError.activationDiffers(given: .relu, layer: "hidden1", found: .gelu)
    ) { try ModelFormats.read(bytes, path: "m", activation: .relu) }
    #expect(
      error?.description
        == "the activation relu was given, and the file says gelu for hidden1; leave it out")
  }

  @Test("a model goes back into its own format as it came, and into another one anew")
  func templates() throws {
    let names: [(name: String, shape: [Int])] = [
      ("net.0.weight", [2, 3]), ("net.2.weight", [1, 2]),
    ]
    let model = try ModelFormats.read(
      StateDictFixture.file(names), path: "m", activation: .relu)
    let unsaid = ModelExport(model.state, saysTask: false)
    let bytes = try #require(
      model.files(of: unsaid, as: StateDictFormat(), at: "o.safetensors").first
    ).bytes
    let header = try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)
    #expect(header.tensors.map(\.name) == names.map(\.name))
    #expect(
      model.biasObstacle(in: StateDictFormat())?.hasPrefix("hidden1 ('net.0.weight')") == true)
    #expect(model.biasObstacle(in: Plain()) == nil)
    #expect(
      try model.files(of: unsaid, as: Plain(), at: "o.plain") == [
        ExportedFile(path: "o.plain", bytes: [3])
      ])
  }

  @Test("what a format leaves out is refused with its name")
  func defaults() {
    #expect(throws: ModelFileError.unsupported("a plain file cannot be read; name another file")) {
      try Plain().read([], path: "m", activation: nil)
    }
    #expect(!Plain().recognizes([], path: "m.plain"))
    #expect(
      throws: ModelFileError.unsupported("a checkpoint cannot be written; choose another format")
    ) { try CheckpointFormat().bytes(of: ModelExport(state)) }
  }
}

/// A format that is only written: one byte, the number of inputs.
private struct Plain: ModelFormat {
  let name = "a plain file"
  var suffix: String? { "plain" }

  func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    [UInt8(export.state.network.inputs)]
  }
}
