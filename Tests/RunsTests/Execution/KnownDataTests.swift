import Engine
import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Testing

@Suite("What the models of a run know of its data") struct KnownDataTests {
  /// What a model of `RunFixture`'s table knows.
  private func expected(_ loss: Loss, names: [String] = ["a", "b", "c", "d", "e"]) -> ModelInterface
  {
    ModelInterface(
      inputs: names.enumerated().map { ModelInterface.Input(name: $1, position: $0) },
      targets: [ModelInterface.Column(name: "target", position: 5)],
      table: ModelInterface.Table(
        delimiter: ",", decimalSign: ".", header: true, ignored: []), loss: loss)
  }

  @Test("every stage's checkpoint has its columns and the run's loss, whole or as a difference")
  func stages() throws {
    for ending in ["", "\ncheckpoints: {delta: true}\n"] {
      let fixture = try RunFixture(
        RunFixture.head.replacing("{batch: 16,", with: "{batch: 16, label_smoothing: 0.2,")
          + RunFixture.stages + ending)
      try fixture.run()
      let names = try fixture.manifest.stages.filter { $0.file != nil }.map(\.name)
      #expect(names.count == 5)
      for name in names {
        #expect(
          try fixture.contents(name).state.interface
            == expected(.crossEntropy(labelSmoothing: 0.2)), "\(name)")
      }
    }
  }

  @Test("progress that is saved inside a stage has it too")
  func progress() throws {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "train")
    let saved = try StoredCheckpoint.contents(of: fixture.run.progress)
    #expect(saved.progress != nil)
    #expect(saved.state.interface == expected(.crossEntropy()))
    try fixture.run()
    let whole = try RunFixture()
    try whole.run()
    #expect(try fixture.checkpoints() == whole.checkpoints())
  }

  @Test("names of columns change no bit of a weight")
  func bits() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let other = try RunFixture()
    let table = RunFixture.table(seed: 1).replacing("a,b,c,d,e,", with: "v,w,x,y,z,")
    try other.folder.write(table, to: "data.csv")
    try other.run()
    for name in ["train", "alternate/02/finetune"] {
      let (one, two) = (try fixture.contents(name).state, try other.contents(name).state)
      #expect(one.network == two.network)
      #expect(one.interface == expected(.crossEntropy()))
      #expect(two.interface == expected(.crossEntropy(), names: ["v", "w", "x", "y", "z"]))
    }
  }

  @Test("a loss that changes gives every stage another key")
  func keys() throws {
    let fixture = try RunFixture()
    let plan = try fixture.session().preview().plan
    try fixture.write(
      schedule: RunFixture.head.replacing("{batch: 16,", with: "{batch: 16, label_smoothing: 0.2,")
        + RunFixture.stages)
    let other = try fixture.session().preview().plan
    #expect(Set(plan.stages.map(\.key)).isDisjoint(with: other.stages.map(\.key)))
  }

  @Test("an exported model knows what its checkpoint knows")
  func export() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let state = try fixture.contents("train").state
    try fixture.folder.write(
      StateDictFormat().bytes(of: ModelExport(state)), to: "m.safetensors")
    let model = try StoredModel(path: fixture.folder.file("m.safetensors"))
    #expect(model.state.interface == state.interface && model.state.classes == state.classes)
  }
}
