import NeuralNetworks
import RunFixtures
import Runs
import Storage
import Testing

@Suite("MemoryNeed") struct MemoryNeedTests {
  private func need(_ stages: String, hidden: String = "[7, 6]") throws -> MemoryNeed {
    let fixture = try RunFixture(
      (RunFixture.head + "stages: [\(stages)]\n").replacing(
        "hidden: [7, 6]", with: "hidden: " + hidden))
    return try #require(MemoryNeed(of: fixture.session().preview().plan))
  }

  @Test("two networks and two moments for Adam, none for plain SGD; the data in single precision")
  func training() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}]\n")
    let plan = try fixture.session().preview().plan
    let adam = try need("train: {epochs: 1, optimizer: {adam: {learning_rate: 0.1}}}")
    let weights = Double(plan.architecture.weightCount)
    #expect(adam.weights == 8 * weights && adam.moments == 8 * weights && adam.statistics == 0)
    let sgd = try need("train: {epochs: 1, optimizer: {sgd: {learning_rate: 0.1}}}")
    #expect(sgd.moments == 0 && sgd.weights == adam.weights && sgd.data == adam.data)
    let samples =
      plan.facts.trainingSamples + (plan.facts.validationSamples ?? 0)
      + (plan.facts.testSamples ?? 0)
    #expect(adam.data >= 4 * Double(samples * plan.facts.inputs))
  }

  @Test(
    "the most demanding of the stages counts; least squares holds the widest layer's covariance")
  func pruning() throws {
    let need = try need(
      "train: {epochs: 1}, prune: {to: 0.5, compensation: least_squares}", hidden: "[2000, 1]")
    #expect(need.stage == "stage prune" && need.statistics == 8 * 2000 * 2000)
  }

  @Test("a window that is larger than all else is told, with what makes it smaller")
  func window() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}]\n")
    let plan = try fixture.session().preview().plan
    let memory = plan.stages[0].action.stage.memory(plan.architecture)
    for blocks in [nil, BlockOrder(samples: 1 << 18, mixed: 4)] {
      let window = ReadWindow(of: 1 << 20, columns: 100, batch: 1 << 19, blocks: blocks)
      let need = MemoryNeed("stage train", memory, weightCount: 1000, data: 1e8, window: window)
      #expect(need.data == 1e8 + window.bytes)
      let error = #expect(throws: RunFailure.self) { try need.demand(1 << 20) }
      #expect("\(error as Any)".contains("; \(window.advice), or use a machine, "))
    }
    let small = MemoryNeed("stage train", memory, weightCount: 1000, data: 5e8)
    let other = #expect(throws: RunFailure.self) { try small.demand(1 << 20) }
    #expect("\(other as Any)".contains("make the layers of model.hidden narrower, "))
  }

  @Test("stages that are done need nothing")
  func done() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}]\n")
    let plan = try fixture.session().preview().plan
    #expect(MemoryNeed(of: plan, done: Set(plan.stages.map(\.key))) == nil)
  }

  @Test("more than there is, is refused; as much as there is, and what is not known, is not")
  func demand() throws {
    let need = try need("train: {epochs: 1}")
    try need.demand(nil)
    try need.demand(Int(need.bytes))
    #expect(throws: RunFailure.self) { try need.demand(Int(need.bytes) - 1) }
  }
}
