import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Divergence")
struct DivergenceTests {
  @Test(
    "A loss that is not finite stops the step before any weight changes",
    arguments: Activation.allCases, [nil, 1.0] as [Double?])
  func diverges(activation: Activation, clipNorm: Double?) throws {
    var network = NetworkFixture.network([4, 6, 2], activation: activation)
    network.layers[0].weights[3, 1] = .nan
    let run = Self.run(network, rate: 0.125, clipNorm: clipNorm)
    let before = run.state.bits
    let error = #expect(throws: TrainingDivergence.self) { _ = try run.step() }
    #expect(error?.epoch == 1 && error?.step == 1 && error?.learningRate == 0.125)
    #expect(error?.loss.isNaN == true)
    #expect(run.state.bits == before)
    #expect(run.progress == TrainingProgress())
  }

  @Test("Epoch, step and learning rate are those of the step that failed")
  func place() throws {
    let network = NetworkFixture.network([4, 6, 2], activation: .relu)
    // Two steps an epoch; the rate leaps in the second epoch, and the step after that fails.
    let run = Self.run(
      network, rate: 1e-6, schedule: LearningRateSchedule(decay: .exponential(to: 1e30)))
    var before = run.state.bits
    var taken = 0
    let error = #expect(throws: TrainingDivergence.self) {
      while !run.isFinished {
        before = run.state.bits
        _ = try run.step()
        taken += 1
      }
    }
    #expect(taken > 1 && run.state.bits == before)
    #expect(error?.epoch == taken / 2 + 1 && error?.step == taken % 2 + 1)
    let rate = LearningRateSchedule(decay: .exponential(to: 1e30)).rate(
      step: taken, totalSteps: 8, stepsPerEpoch: 2, base: 1e-6)
    #expect(error?.learningRate == rate)
    #expect(error.map { !$0.loss.isFinite } == true)
  }

  private static func run(
    _ network: Network, rate: Double, schedule: LearningRateSchedule = LearningRateSchedule(),
    clipNorm: Double? = nil
  ) -> TrainingRun {
    TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 4, batch: 6, loss: .meanSquared,
        optimizer: .sgd(Optimizer.SGD(learningRate: rate, momentum: 0.9)), schedule: schedule,
        clipNorm: clipNorm),
      orderSeed: 1, training: NetworkFixture.samples(9, inputs: 4, outputs: 2, labels: false),
      validation: nil, pool: WorkerPool(threadCount: 2))
  }
}
