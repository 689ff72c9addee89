import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("Refinement")
struct RefinementTests {
  private let pool = WorkerPool(threadCount: 2)

  private func samples(_ count: Int, inputs: Int, outputs: Int, classes: Bool) -> SampleSet {
    let plain = randomSamples(count, inputs: inputs)
    var random = SeededGenerator(seed: 9)
    return SampleSet(
      inputs: plain.inputs,
      targets: classes
        ? .labels(random.integers(count, below: outputs).map { Int32($0) })
        : .values(Matrix(rows: count, columns: outputs, random.floats(count * outputs))))
  }

  /// A pruned network, and the one before.
  private func pruned(
    _ sizes: [Int], kept: Int, _ samples: SampleSet, _ loss: Loss, activation: Activation = .relu
  ) throws -> (state: ModelState, before: Network) {
    let before = randomNetwork(sizes, activation: activation)
    let target = PruningTarget.total(
      kept, budget: Budget(policy: .global), limits: before.layers.map { _ in .none })
    let state = try Pruner(
      criterion: .ec(metric: .fisher), compensation: .ec(metric: .fisher)
    ).prune(
      ModelState(network: before), to: target, samples: samples, loss: loss, pool: pool
    ).state
    return (state, before)
  }

  static let kinds: [(loss: Loss, target: Refinement.Target)] = [
    (.crossEntropy(), .outputs), (.crossEntropy(labelSmoothing: 0.1), .labels),
    (.crossEntropy(), .both), (.binaryCrossEntropy, .both), (.meanSquared, .outputs),
    (.meanSquared, .labels), (.huber(delta: 0.5), .both), (.meanAbsolute, .outputs),
  ]

  @Test(
    "makes the objective smaller on what it fits and never larger on what it holds out, and keeps masks",
    arguments: kinds.indices)
  func objective(kind: Int) throws {
    let (loss, target) = Self.kinds[kind]
    let samples = samples(400, inputs: 12, outputs: 4, classes: loss.usesClassLabels)
    let (state, before) = try pruned([12, 20, 16, 4], kept: 150, samples, loss)
    var refined = state
    let report = try Refinement(target: target).refine(
      &refined, toward: before, samples: samples, loss: loss, pool: pool)
    #expect(report.fitted.after < report.fitted.before)
    #expect(report.heldOut.after <= report.heldOut.before)
    #expect(report.steps >= 1 && (1...30).contains(report.iterations))
    #expect(refined.network.layers.map(\.mask) == state.network.layers.map(\.mask))
    #expect(refined.network.isFinite && refined.network != state.network)
    for layer in refined.network.layers {
      for place in 0..<layer.weights.count where !(layer.mask?[place] ?? true) {
        #expect(layer.weights.elements[place] == 0)
      }
    }
  }

  @Test("toward outputs reads no targets")
  func withoutTargets() throws {
    let known = samples(200, inputs: 12, outputs: 4, classes: true)
    let others = SampleSet(
      inputs: known.inputs, targets: .labels(Array(repeating: 0, count: known.count)))
    let (state, before) = try pruned([12, 20, 4], kept: 100, known, .crossEntropy())
    let results = try [known, others].map { samples in
      var refined = state
      _ = try Refinement(target: .outputs).refine(
        &refined, toward: before, samples: samples, loss: .crossEntropy(), pool: pool)
      return refined
    }
    #expect(results[0] == results[1])
    var labelled = state
    _ = try Refinement(target: .labels).refine(
      &labelled, toward: before, samples: known, loss: .crossEntropy(), pool: pool)
    #expect(labelled != results[0])
  }

  @Test("survivors of a linear network take over what is wholly theirs to take")
  func exact() throws {
    // Input 2 is twice input 0, and 3 is constant: the network without them can give the same.
    var random = SeededGenerator(seed: 5)
    let columns = random.floats(300 * 2, bound: 1)
    let inputs = (0..<300).flatMap { row in
      let (a, b) = (columns[2 * row], columns[2 * row + 1])
      return [a, b, 2 * a, 1]
    }
    let samples = unlabelled(Matrix(rows: 300, columns: 4, inputs))
    let before = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 4, [0.5, -1, 0.25, 0.75]), bias: [0.1],
        activation: .identity)
    ])
    var mask = Mask(rows: 1, columns: 4)
    mask.remove(2)
    mask.remove(3)
    var state = ModelState(network: before)
    state.network.layers[0].apply(mask)
    let report = try Refinement(target: .outputs, iterations: 60).refine(
      &state, toward: before, samples: samples, loss: .meanSquared, pool: pool)
    let layer = state.network.layers[0]
    let found = [layer.weights[0, 0], layer.weights[0, 1], layer.bias[0]]
    for (value, wanted) in zip(found, [1, -1, 0.85] as [Float]) {
      #expect(abs(value - wanted) < 1e-4)
    }
    #expect(report.fitted.after < 1e-8 && report.heldOut.after < 1e-8)
  }

  @Test(
    "an average is of refinements with other samples held out, better than the start, and the same bits"
  )
  func averaged() throws {
    let samples = samples(300, inputs: 12, outputs: 4, classes: true)
    let (state, before) = try pruned([12, 20, 4], kept: 150, samples, .crossEntropy())
    func refined(_ averaged: Int, threads: Int = 2) throws -> (ModelState, RefinementReport) {
      var refined = state
      let report = try Refinement(target: .both, averaged: averaged).refine(
        &refined, toward: before, samples: samples, loss: .crossEntropy(),
        pool: WorkerPool(threadCount: threads))
      return (refined, report)
    }
    let (one, several) = (try refined(1), try refined(5))
    #expect(several.0 != one.0)
    #expect(try refined(5, threads: 3).0 == several.0)
    let (fitted, held) = (several.1.fitted, several.1.heldOut)
    #expect(0.9 * fitted.after + 0.1 * held.after < 0.9 * fitted.before + 0.1 * held.before)
    #expect(several.1.fitted.before == one.1.fitted.before)
    #expect(several.1.iterations > 2 * one.1.iterations && several.1.steps > one.1.steps)
    #expect(several.0.network.layers.map(\.mask) == state.network.layers.map(\.mask))
  }

  @Test("gives the same bits for any number of threads, and the same samples held out for a seed")
  func threads() throws {
    let samples = samples(1500, inputs: 30, outputs: 5, classes: true)
    let (state, before) = try pruned([30, 40, 5], kept: 400, samples, .crossEntropy())
    func refined(threads: Int, seed: UInt64) throws -> ModelState {
      var refined = state
      _ = try Refinement(target: .both).refine(
        &refined, toward: before, samples: samples, loss: .crossEntropy(),
        draws: ScoringDraws(seed: seed), pool: WorkerPool(threadCount: threads))
      return refined
    }
    let alone = try refined(threads: 1, seed: 1)
    #expect(try refined(threads: 3, seed: 1) == alone)
    #expect(try refined(threads: 1, seed: 2) != alone)
  }

  @Test("outputs beyond those that get a pass each are refined with probes, in the same bits")
  func probes() throws {
    let samples = samples(150, inputs: 10, outputs: 70, classes: true)
    let (state, before) = try pruned([10, 12, 70], kept: 400, samples, .crossEntropy())
    let results = try [1, 2].map { threads in
      var refined = state
      let report = try Refinement(target: .outputs).refine(
        &refined, toward: before, samples: samples, loss: .crossEntropy(),
        pool: WorkerPool(threadCount: threads))
      #expect(report.fitted.after < report.fitted.before)
      return refined
    }
    #expect(results[0] == results[1])
  }

  @Test("ends at every question with an answer, and asks nothing that changes bits")
  func interruption() throws {
    let samples = samples(120, inputs: 8, outputs: 3, classes: true)
    let (state, before) = try pruned([8, 10, 3], kept: 60, samples, .crossEntropy())
    var whole = state
    let refinement = Refinement(target: .both, iterations: 6)
    _ = try refinement.refine(
      &whole, toward: before, samples: samples, loss: .crossEntropy(), pool: pool)
    var stop = 1
    while true {
      var questions = 0
      let interruptible = pool.interruptible {
        questions += 1
        return questions >= stop
      }
      var refined = state
      do {
        _ = try refinement.refine(
          &refined, toward: before, samples: samples, loss: .crossEntropy(), pool: interruptible)
        #expect(refined == whole)
        break
      } catch {
        #expect(error == .interrupted && questions == stop && refined == state)
      }
      stop += max(1, stop / 4)
    }
    #expect(stop > 20)
  }

  @Test("samples of which none can be held out, and a loss without curvature, are refused")
  func refused() throws {
    let samples = samples(4, inputs: 8, outputs: 3, classes: false)
    let state = ModelState(network: randomNetwork([8, 10, 3]))
    func error(_ refinement: Refinement, _ loss: Loss) -> PruningError? {
      var refined = state
      do {
        _ = try refinement.refine(
          &refined, toward: state.network, samples: samples, loss: loss, pool: pool)
        return nil
      } catch {
        return error
      }
    }
    #expect(
      error(Refinement(target: .outputs), .meanSquared)
        == .nothingHeldOut(samples: 4, share: 0.1))
    #expect(
      error(Refinement(target: .outputs, heldOut: 0.9), .meanSquared)
        == .nothingHeldOut(samples: 4, share: 0.9))
    #expect(error(Refinement(target: .both, heldOut: 0.5), .meanAbsolute) == .noCurvatureToRefine)
    // Nothing to refine is no fault: it is as good as it gets.
    #expect(error(Refinement(target: .outputs, heldOut: 0.5), .meanSquared) == nil)
  }
}
