import Engine
import ModelFiles
import NeuralNetworks
import Storage
import Testing

@Suite("What an export says of its model's data")
struct StateDictInterfaceTests {
  /// `fullContents` as an export of it.
  private func exported() throws -> [UInt8] {
    var state = fullContents().state
    state.targetScaling = nil
    return try StateDictFormat().bytes(of: ModelExport(state))
  }

  /// The content of the file that `model` came from with the parameters of `state`.
  private func rewritten(_ model: FileModel, _ state: ModelState) throws -> [UInt8] {
    let files = try model.files(
      of: ModelExport(state), as: StateDictFormat(), at: "x.safetensors")
    return try #require(files.first).bytes
  }

  @Test("An export keeps all of it, with the classes; fills are in raw units like its inputs")
  func export() throws {
    let model = try StateDictFormat().read(exported(), path: "x.safetensors", activation: nil)
    #expect(model.state.interface == fullInterface)
    #expect(model.state.classes == fullContents().state.classes)
    #expect(model.state.inputScaling == nil)
  }

  @Test("A file that is written back as it came keeps what the state knows")
  func writtenBack() throws {
    let model = try StateDictFormat().read(exported(), path: "x.safetensors", activation: nil)
    let file = try rewritten(model, model.state)
    #expect(try StateDict(file).interface == fullInterface)
    var state = model.state
    state.interface?.loss = nil
    let other = try rewritten(model, state)
    #expect(try StateDict(other).interface == state.interface)
  }

  @Test(
    "Classes that are no texts, too few or there twice do not fit the tensors",
    arguments: [
      (#"["u"]"#, "1 class for 2 outputs"), (#"["a","b","c"]"#, "3 classes for 2 outputs"),
      ("[null]", "the classes are no list of texts"),
      (#""ab""#, "the classes are no list of texts"),
      ("[1,2]", "the classes are no list of texts"), (#"["a","a"]"#, "a class is there twice"),
    ])
  func classes(json: String, problem: String) throws {
    let text = """
      {"format":3,"activations":["identity"],"slopes":[null],"classes":\(json)}
      """
    let file = try StateDictFixture.file(
      [("0.weight", [2, 2])], metadata: ["format": "pt", "ecpipe": .string(text)])
    let complaint = try #require(StateDictFixture.complaint(file))
    #expect(complaint.hasPrefix("the metadata \"ecpipe\" do not fit the tensors (\(problem))"))
  }

  @Test("A file of others, and an export without it, say nothing")
  func others() throws {
    let plain = try StateDictFixture.file([("0.weight", [1, 2])])
    #expect(try StateDict(plain).interface == nil)
    var state = fullContents().state
    (state.targetScaling, state.interface) = (nil, nil)
    let file = try StateDictFormat().bytes(of: ModelExport(state))
    #expect(try StateDict(file).interface == nil)
  }

  @Test(
    "What does not fit the tensors is refused",
    arguments: [
      #""x""#, "{}",
      #"{"inputs":[{"count":6}],"loss":null,"missing":{"markers":null,"rows":"error"},"table":null,"targets":[]}"#,
      #"{"inputs":[],"loss":{"name":"x"},"missing":{"markers":null,"rows":"error"},"table":null,"targets":[]}"#,
      #"{"inputs":[],"loss":{"label_smoothing":0.1,"name":"cross_entropy"},"missing":{"markers":null,"rows":"error"},"table":null,"targets":[]}"#,
    ])
  func hostile(interface: String) throws {
    let text = """
      {"format":3,"activations":["identity"],"slopes":[null],"classes":[],"interface":\(interface)}
      """
    let file = try StateDictFixture.file(
      [("0.weight", [1, 2])], metadata: ["format": "pt", "ecpipe": .string(text)])
    let complaint = try #require(StateDictFixture.complaint(file))
    #expect(complaint.hasPrefix("the metadata \"ecpipe\" do not fit the tensors ("))
  }
}
