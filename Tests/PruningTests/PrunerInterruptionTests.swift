import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Testing

@Suite("Interrupted pruning")
struct PrunerInterruptionTests {
  /// What is pruned by what, to which policy.
  struct Method: Sendable, CustomTestStringConvertible {
    let criterion: any PruningCriterion
    let compensation: any Compensation
    let policy: BudgetPolicy
    var regrowth: Regrowth? = nil

    var testDescription: String { "\(criterion.name), \(compensation.name), \(policy.rawValue)" }

    var pruner: Pruner {
      Pruner(criterion: criterion, compensation: compensation, regrowth: regrowth)
    }
  }

  static let methods = [
    Method(
      criterion: .ec(metric: .output), compensation: LeastSquares(metric: .fisher),
      policy: .global),
    Method(criterion: .ec(metric: .fisher), compensation: .ec(metric: .fisher), policy: .optimal),
    Method(criterion: NonlinearRemoval(), compensation: BiasShift.mean, policy: .uniform),
    Method(
      criterion: Taylor(metric: .output), compensation: NoCompensation(), policy: .global,
      regrowth: Regrowth(share: 0.3)),
  ]

  private let state = ModelState(network: randomNetwork([20, 16, 5], activation: .relu))
  private let samples = randomSamples(300, inputs: 20)
  private let loss = Loss.meanSquared

  private func targets(_ policy: BudgetPolicy) -> [PruningTarget] {
    GeometricSteps.counts(from: 400, to: 150, steps: 3).map {
      .total($0, budget: Budget(policy: policy), limits: [.none, .none])
    }
  }

  @Test(
    "ends at every question with an answer, and asks nothing that changes bits", arguments: methods)
  func everywhere(method: Method) throws {
    let pool = WorkerPool(threadCount: 2)
    let whole = try method.pruner.prune(
      state, through: targets(method.policy), samples: samples, loss: loss, pool: pool)
    var stop = 1
    while true {
      var questions = 0
      let interruptible = pool.interruptible {
        questions += 1
        return questions >= stop
      }
      do {
        let result = try method.pruner.prune(
          state, through: targets(method.policy), samples: samples, loss: loss,
          pool: interruptible)
        #expect(result.state == whole.state && result.report == whole.report)
        break
      } catch {
        #expect(error == .interrupted && interruptible.isAbandoned)
        // It ends soon: what is left asks nothing, or next to nothing.
        #expect(questions == stop)
      }
      stop += stop < 40 ? 1 : 17
    }
    #expect(stop > 20)
  }

  @Test("goes on between any two steps in the same bits", arguments: methods)
  func steps(method: Method) throws {
    let pool = WorkerPool(threadCount: 1)
    var points: [(ModelState, Int)] = []
    let whole = try method.pruner.prune(
      state, through: targets(method.policy), samples: samples, loss: loss, pool: pool
    ) { state, done in points.append((state, done)) }
    #expect(points.map(\.1) == [1, 2])
    for (state, done) in points {
      let rest = try method.pruner.prune(
        state, of: self.state.network, through: targets(method.policy), done: done,
        samples: samples, loss: loss, pool: pool)
      #expect(rest.state == whole.state)
      #expect(rest.report.steps == 3 - done)
    }
  }
}
