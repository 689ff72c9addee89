import Engine
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Keys of planned stages") struct PlanKeysTests {
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - evaluate: {part: test}
      - prune: {to: 0.3}
      - finetune: {epochs: 1}
      - evaluate: {part: test}
    """

  /// Which of the stages of `stages` have another key after the changes.
  private func changed(
    _ changes: [(String, String)], facts: DataFacts = PlanFixture.facts
  ) throws -> [Bool] {
    let before = try PlanFixture.plan(PlanKeysTests.stages).stages
    let after = try PlanFixture.plan(PlanKeysTests.stages, changes: changes, facts: facts).stages
    return zip(before, after).map { $0.key != $1.key }
  }

  @Test(
    "a changed stage changes its own key and those behind it",
    arguments: [
      ("train: {epochs: 2}", "train: {epochs: 3}", 0b11111),
      ("train: {epochs: 2}", "train: {epochs: 2, batch: 8}", 0b11111),
      ("to: 0.3", "to: 0.4", 0b00111),
      ("to: 0.3", "to: 0.3, metric: output", 0b00111),
      ("to: 0.3", "to: 0.3, criterion: taylor", 0b00111),
      ("to: 0.3", "to: 0.3, compensation: mean", 0b00111),
      ("to: 0.3", "to: 0.3, probes: 31", 0b00111),
      ("to: 0.3", "to: 0.3, samples: 20", 0b00111),
      ("to: 0.3", "to: 0.3, steps: 2", 0b00111),
      ("to: 0.3", "to: 0.3, budget: {policy: erk}", 0b00111),
      ("finetune: {epochs: 1}", "finetune: {epochs: 1, clip: {norm: 1}}", 0b00011),
      // Leaves are nobody's parents.
      ("  - evaluate: {part: test}\n  - prune", "  - evaluate: {part: train}\n  - prune", 0b01000),
      ("hidden: [7, 6]", "hidden: [7, 7]", 0b11111),
      ("hidden: [7, 6]", "hidden: [7, 6], activation: gelu", 0b11111),
      ("initialization: he_normal", "initialization: orthogonal", 0b11111),
      ("hidden: [7, 6]", "hidden: [7, 6], dropout: 0.5", 0b11111),
      ("seed: 7", "seed: 8", 0b11111),
      ("scale: standard", "scale: unit", 0b11111),
      ("validation: 0.2,", "validation: 0.3,", 0b11111),
      ("learning_rate: 0.01", "learning_rate: 0.02", 0b11111),
      // How results are measured.
      ("{batch: 16,", "{batch: 16, label_smoothing: 0.1,", 0b11111),
      // The moments of the training have to be stored from now on.
      ("finetune: {epochs: 1}", "finetune: {epochs: 1, optimizer: continue}", 0b11111),
    ])
  func keys(old: String, new: String, expected: Int) throws {
    #expect(try changed([(old, new)]) == (0..<5).reversed().map { expected >> $0 & 1 == 1 })
  }

  @Test(
    "names, comments, paths, layout and how checkpoints are written change no key",
    arguments: [
      ("name: tiny", "name: other"), ("version: 1", "# first\nversion: 1"),
      ("data.csv", "elsewhere/data.csv.gz"),
      ("seed: 7", "seed:   7\ncheckpoints: {level: 19, every: 5m, keep: all}"),
      ("to: 0.3", "to: 3e-1, criterion: ec, metric: fisher, budget: {policy: global}"),
      ("to: 0.3", "to: 0.3, compensation: ec, probes: 32, samples: all, steps: 1, force: false"),
      ("to: 0.3", "to: 0.3, force: true"),
      ("hidden: [7, 6]", "hidden: [7, 6], dropout: [0, 0]"),
      ("train: {epochs: 2}", "train: {epochs: 2, batch: 16, decay: {constant: {}}}"),
      // Another fraction that removes as many weights.
      ("to: 0.3", "to: 0.301"),
    ])
  func sameKeys(old: String, new: String) throws {
    #expect(try changed([(old, new)]) == [false, false, false, false, false])
  }

  @Test("other data change every key; how many samples there are does not, beside their digest")
  func dataKeys() throws {
    var facts = PlanFixture.facts
    facts.digest = "other data"
    #expect(try changed([], facts: facts) == [true, true, true, true, true])
  }

  @Test("an inserted evaluation changes no other key")
  func insertedLeaf() throws {
    let before = try PlanFixture.plan(PlanKeysTests.stages).stages
    let after = try PlanFixture.plan(
      PlanKeysTests.stages, changes: [("  - prune", "  - evaluate: {part: train}\n  - prune")]
    ).stages
    #expect(after.map(\.name)[..<4] == ["train", "evaluate", "evaluate-2", "prune"])
    #expect(after.map(\.key).filter { key in !before.contains { $0.key == key } }.count == 1)
  }

  @Test("canonical settings and keys are what they were: old checkpoints stay valid")
  func golden() throws {
    let plan = try PlanFixture.plan(PlanKeysTests.stages)
    #expect(plan.root.settings.canonical == Golden.root)
    #expect(
      plan.stages.prefix(4).map(\.settings.canonical) == [
        Golden.train, Golden.evaluate, Golden.prune, Golden.finetune,
      ])
    #expect(
      plan.root.key
        == Digest.sha256(
          #"{"data":"the data","format":1,"parent":"","seed":"7","settings":"# + Golden.root + "}"))
    var parent = plan.root.key
    for stage in plan.stages {
      #expect(stage.parent == parent)
      #expect(
        stage.key
          == Digest.sha256(
            #"{"data":"the data","format":1,"parent":""# + parent
              + #"","seed":"7","settings":"# + stage.settings.canonical + "}"))
      if stage.kind != .evaluate { parent = stage.key }
    }
  }

  @Test("another version of the engine gives the root another key, and so every stage")
  func engine() throws {
    let plan = try PlanFixture.plan(PlanKeysTests.stages)
    let settings = try #require(plan.root.settings.objectValue)
    func root(_ engine: Int) -> RootRecord {
      RootRecord(settings, facts: PlanFixture.facts, seed: 7, engine: engine)
    }
    #expect(root(EngineVersion.current) == plan.root)
    #expect(root(EngineVersion.current + 1).key != plan.root.key)
    // What Python's hashlib makes of the text.
    #expect(root(1).key == Golden.firstRootKey)
  }

  private enum Golden {
    static let root = #"""
      {"data":{"scale":"standard","scale_targets":"none","task":"classification","test":{"\#
      share":0.2},"train":{"csv":{"categorical":null,"decimal":null,"delimiter":null,"file":nul\#
      l,"header":null,"ignore":[],"inputs":null,"label":null,"missing":"error"}},"validation":{"sha\#
      re":0.2}},"engine":\#(EngineVersion.current),"label_smoothin\#
      g":0.0,"loss":"cross_entropy","model":{"activation":"relu","hidden":[7,6],"initializ\#
      ation":"he_normal"}}
      """#
    static let firstRootKey =
      "36827502b9bfe55c1ded4f35d6491e7aad2f22ae63122796c3c96f396090ea7c"
    static let train = #"""
      {"batch":16,"clip":null,"continue_optimizer":false,"decay":{"constant":{"warmup_step\#
      s":0}},"early_stop":null,"epochs":2,"kind":"train","label_smoothing":0.0,"loss":"cro\#
      ss_entropy","optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"learning\#
      _rate":0.01,"weight_decay":0.0}},"order":"train"}
      """#
    static let evaluate = #"""
      {"kind":"evaluate","part":"test"}
      """#
    static let prune = #"""
      {"budget":{"layers":[],"max_sparsity":null,"min_density":0.0,"policy":"global"},"com\#
      pensation":"ec","criterion":"ec","kind":"prune","metric":"fisher","probes":32,"sampl\#
      es":"all","steps":1,"weights":66}
      """#
    static let finetune = #"""
      {"batch":16,"clip":null,"continue_optimizer":false,"decay":{"constant":{"warmup_step\#
      s":0}},"early_stop":null,"epochs":1,"kind":"finetune","label_smoothing":0.0,"loss":"\#
      cross_entropy","optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"learn\#
      ing_rate":0.01,"weight_decay":0.0}},"order":"finetune"}
      """#
  }
}
