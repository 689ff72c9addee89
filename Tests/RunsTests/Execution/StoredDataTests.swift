import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Scheduler
import Storage
import TestSupport
import Testing

@Suite("Runs whose inputs stay in their file") struct StoredDataTests {
  private static func schedule(_ keys: String) -> String {
    """
    version: 1
    name: tiny
    seed: 7
    data:
      npy: {inputs: x.npy, targets: y.npy}
      task: classification
      split: {validation: 0.2, test: 0.2}
      scale: standard
      \(keys)
    model: {hidden: [7, 6], initialization: he_normal}
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}

    """ + RunFixture.stages
  }

  /// A run on 60 rows of five numbers with three classes.
  private func fixture(_ keys: String) throws -> RunFixture {
    let fixture = try RunFixture(Self.schedule(keys))
    let numbers: [Double] = (0..<300).map { index in
      let (noise, label) = (index * 7919 % 1000, index / 5 % 3)
      return Double(noise) / 300 + Double(label)
    }
    try fixture.folder.write(
      NPY.bytes(of: DataMatrix(rows: 60, columns: 5, numbers)), to: "x.npy")
    let classes: [Double] = (0..<60).map { Double($0 % 3) }
    try fixture.folder.write(
      NPY.bytes(of: DataMatrix(rows: 60, columns: 1, classes)),
      to: "y.npy")
    return fixture
  }

  @Test(
    "every checkpoint has the bytes and the key that it has with data in memory",
    arguments: ["storage: file", "shard: true"])
  func sameFiles(keys: String) throws {
    let memory = try fixture("")
    try memory.run()
    let stored = try fixture(keys)
    try stored.run(threads: 2)
    #expect(try stored.checkpoints() == memory.checkpoints())
    #expect(try stored.manifest.stages.map(\.key) == memory.manifest.stages.map(\.key))
    let (_, data) = try stored.session().planAndData()
    guard case .stored = data.training.source else {
      Issue.record("the inputs are in memory")
      return
    }
  }

  @Test(
    "ranks that have the inputs between them end in the same checkpoints, whatever they divide",
    arguments: StepSharing.allCases)
  func ranks(sharing: StepSharing) throws {
    let memory = try fixture("")
    try memory.run()
    let expected = try memory.checkpoints()
    for size in 1...4 {
      let results = ThreadRanks.run(size) { collective -> [String: String]? in
        guard collective.isFirst else {
          try? RankFollower(collective) { WorkerPool(threadCount: $0) }.serve()
          return nil
        }
        let group = RankGroup(collective, demanded: sharing)
        defer { group.end() }
        let sharded = try? fixture("shard: true")
        _ = try? sharded?.run(threads: 2, ranks: group)
        return try? sharded?.checkpoints()
      }
      #expect(results.count == size && results[0] == expected, "\(size) ranks")
    }
  }

  @Test("an order in blocks is another result, wherever the inputs lie")
  func blocks() throws {
    let shuffled = try fixture("")
    try shuffled.run()
    let order = "order: {block: 4, mixed: 3}"
    let memory = try fixture(order)
    try memory.run()
    let stored = try fixture(order + "\n  storage: file")
    try stored.run()
    #expect(try stored.checkpoints() == memory.checkpoints())
    #expect(
      try Set(stored.manifest.stages.map(\.key)).isDisjoint(
        with: shuffled.manifest.stages.map(\.key)))
  }

  @Test("a network is pruned, and made bytes of, on inputs in a file as on those in memory")
  func models() throws {
    func made(_ keys: String) throws -> (pruned: Network, int8: [String]) {
      let fixture = try fixture(keys)
      try fixture.run()
      let path = fixture.folder.file(try fixture.checkpoint("train"))
      let model = try StoredModel(path: path)
      let own = try #require(try OwnData(of: path, .still))
      let pool = WorkerPool(threadCount: 2)
      let format = try #require(ModelFormats.all.first { $0.suffix == "npz" })
      var recipe = PruningRecipe()
      recipe.samples = 20
      let outcome = try ModelPruning(
        model: model, samples: .own(own), target: Sparsity(0.5), output: format,
        at: fixture.folder.file("small.npz")
      ).run(recipe, seed: 3, wantsScores: false, pool: pool)
      #expect(outcome.comparison != nil)
      var export = model.export
      _ = try ModelQuantization(
        of: &export, model, samples: .own(own), test: nil, pool: pool, tell: { _ in })
      return (outcome.state.network, export.quantizedQuality)
    }
    let memory = try made("")
    let stored = try made("storage: file")
    #expect(stored.pruned == memory.pruned && stored.int8 == memory.int8)
  }

  @Test(
    "of inputs in a file, those that weights are scored on count as memory, and those that are read at once"
  )
  func memory() throws {
    func needs(_ keys: String) throws -> [Double] {
      let fixture = try fixture(keys)
      let plan = try fixture.session().preview().plan
      return plan.stages.compactMap { stage in
        MemoryNeed(of: plan, done: Set(plan.stages.map(\.key)).subtracting([stage.key]))?.data
      }
    }
    // Train, evaluate, and two rounds of pruning and training; 36 samples to train on.
    #expect(try needs("") == Array(repeating: 4 * 60 * 6, count: 6))
    let pruning = 4.0 * (60 + 36 * 5)
    #expect(try needs("shard: true") == [240, 240, pruning, 240, pruning, 240])
    // All 36 are read at once, and a step's 16 may be left of the ones before.
    let training = 4.0 * (60 + (36 + 16) * 5)
    #expect(
      try needs("storage: file") == [training, 240, pruning, training, pruning, training])
    // Four blocks of four, and no more.
    let blocks = 4.0 * (60 + (16 + 16) * 5)
    #expect(
      try needs("order: {block: 4, mixed: 4}\n  storage: file")
        == [blocks, 240, pruning, blocks, pruning, blocks])
  }
}
