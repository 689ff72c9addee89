import NeuralNetworks
import Storage

/// The works that stages of one plan are made of, each at a density of the network.
struct StageWorks: Sendable {
  /// Floating-point operations that one measurement may take, roughly: a tenth of a second.
  private static let operations = 6e9
  /// Samples that scoring and evaluating is measured on at most, and the share of them of the smaller
  /// measurement where there are more.
  private static let mostSamples = 4096
  private static let smallShare = 4

  /// What computing is measured on, and what compressing is.
  let run: SyntheticRun
  let stored: SyntheticRun
  let facts: DataFacts
  /// Of the plan's network.
  let weightCount: Int

  init(of plan: Plan) {
    run = SyntheticRun(of: plan, most: 2_000_000)
    stored = SyntheticRun(of: plan, most: 300_000)
    facts = plan.facts
    weightCount = plan.architecture.weightCount
  }

  // MARK: Training

  /// A training of `times` steps under `settings`.
  func step(_ settings: TrainingSettings, at density: Double, times: Double) -> WorkCost {
    let run = run
    let full = max(1, min(settings.batch, facts.trainingSamples))
    let batch = min(full, Self.samples(for: 6 * Double(run.architecture.weightCount)))
    let rows = min(facts.trainingSamples, max(batch, (8 << 20) / run.architecture.widths[0]))
    var own = settings
    // More than any measurement takes, at a rate that leads nowhere.
    own.epochs = 1 << 30
    own.batch = batch
    own.optimizer = settings.optimizer.with(learningRate: 1e-6)
    own.schedule = LearningRateSchedule()
    own.earlyStop = nil
    // A smaller network has as many layers.
    let dropout =
      own.dropout.contains { $0 > 0 }
      ? ", dropout \(own.dropout.map(Self.text).joined(separator: "-"))" : ""
    let begun = TimedWork(
      name: "beginning \(settings.optimizer.word), \(run.name), batch \(batch) of \(rows), "
        + "density \(Self.text(density))\(dropout)"
    ) { [own] bench in
      let (network, samples) = (run.network(density: density), run.samples(rows))
      return {
        let training = TrainingRun(
          state: ModelState(network: network), progress: TrainingProgress(), settings: own,
          orderSeed: 0, training: samples, validation: nil, pool: bench.pool)
        _ = try training.step()
        _ = training.state
        return nil
      }
    }
    let work = TimedWork(
      name: "step \(settings.optimizer.word)\(own.clipNorm == nil ? "" : " clipped"), \(run.name), "
        + "batch \(batch) of \(rows), density \(Self.text(density))\(dropout)"
    ) { [own] bench in
      let training = TrainingRun(
        state: ModelState(network: run.network(density: density)), progress: TrainingProgress(),
        settings: own, orderSeed: 0, training: run.samples(rows), validation: nil,
        pool: bench.pool)
      return {
        _ = try training.step()
        return nil
      }
    }
    return .sum([
      .repeated(run.scale, .work(begun)),
      .repeated(times * run.scale * Double(full) / Double(batch), .work(work)),
    ])
  }

  // MARK: Measuring

  /// The metrics on `samples` samples, `times` times.
  func metrics(_ samples: Int, at density: Double, times: Double) -> WorkCost {
    let run = run
    let cost = grown(to: samples, operations: 2 * Double(run.architecture.weightCount)) { count in
      TimedWork(
        name: "metrics, \(run.name), \(count) samples, density \(Self.text(density))"
      ) { bench in
        let (network, samples) = (run.network(density: density), run.samples(count))
        let evaluator = Evaluator(samples: samples, loss: run.loss, pool: bench.pool)
        return {
          _ = evaluator.metrics(of: network)
          return nil
        }
      }
    }
    return .repeated(times * run.scale, cost)
  }

  /// A work that grows with its samples: measured on all `count`, or at two smaller numbers where that takes
  /// too long.
  ///
  /// - Parameter operations: that a sample takes, roughly.
  func grown(to count: Int, operations: Double, _ work: (Int) -> TimedWork) -> WorkCost {
    let large = Self.largeCount(operations)
    if count <= large { return .work(work(count)) }
    return .sum([
      .work(work(large)), growth(from: large, to: count, operations: operations, work),
    ])
  }

  /// What such a work takes more with `count` samples than with `first`.
  func growth(
    from first: Int, to count: Int, operations: Double, _ work: (Int) -> TimedWork
  ) -> WorkCost {
    let large = Self.largeCount(operations)
    let small = max(1, large / Self.smallShare)
    let more = Double(count - first)
    guard small < large else { return .repeated(more, .work(work(large))) }
    return .growth(work(small), work(large), share: more / Double(large - small))
  }

  /// The samples of the larger measurement of a work of which a sample takes so many operations.
  private static func largeCount(_ operations: Double) -> Int {
    min(mostSamples, samples(for: operations))
  }

  /// The samples that a measurement may have of which each takes so many operations.
  private static func samples(for operations: Double) -> Int {
    max(1, Int(Self.operations / max(1, operations)))
  }

  /// A density, or a rate of dropout, in names.
  static func text(_ density: Double) -> String { NumberText.significant(density, 3) }
}

extension Optimizer {
  /// What the time of a step depends on.
  fileprivate var word: String {
    switch self {
    case .sgd(let sgd): sgd.momentum > 0 ? "momentum" : "sgd"
    case .adam: "adam"
    case .adamW: "adamw"
    }
  }
}
