import ModelFiles
import NeuralNetworks
import Pruning
import Schedules
import Storage

/// What a stage holds in memory at once, at least.
package struct StageMemory: Sendable {
  /// Matrices as large as the weights: networks, and scores of weights.
  package var networks = 1
  /// Likewise, of the optimizer.
  package var moments = 0
  /// Numbers in double precision that statistics consist of.
  package var statistics = 0.0
  /// Training samples that it brings into memory where inputs lie in a file, at most.
  package var samples = 0
  /// Samples that it measures, which it brings into memory likewise, at most.
  package var measured = 0
  /// Samples of a step where it trains; 0 elsewhere.
  package var batch = 0

  /// Matrices as large as the weights that are there beside for a time: gradients, and, of weights and
  /// moments each, what a checkpoint is compressed from and to, once in pieces and once as a file. Measured
  /// for a 3000-3000 network and Adam, which needs 17 in all.
  var copies: Double { 1 + 4 * Double(1 + moments) }
}

extension TrainStage {
  // The model, and the copy that is trained.
  package func memory(_ architecture: Architecture) -> StageMemory {
    let moments =
      switch settings.settings.optimizer {
      case .sgd(let sgd): sgd.momentum > 0 ? 1 : 0
      case .adam, .adamW: 2
      }
    return StageMemory(networks: 2, moments: moments, batch: settings.settings.batch)
  }
}

extension PruneStage {
  // The model, what becomes of it, and a score for every weight.
  package func memory(_ architecture: Architecture) -> StageMemory {
    var memory = StageMemory(networks: 3, samples: template.criterion.samples ?? .max)
    if template.criterion.compensation == .leastSquares {
      let widest = Double(architecture.widths.dropLast().max() ?? 0)
      memory.statistics = widest * widest
    }
    if template.criterion.refine != nil {
      memory.statistics = max(memory.statistics, Refinement.numbers(survivors: kept ?? 0))
    }
    return memory
  }
}

/// The memory that the most demanding of a plan's stages takes, in bytes: no more than what it certainly
/// holds at a time, so that nobody is refused who could have run it.
package struct MemoryNeed: Sendable, Equatable {
  /// What needs it: a stage, or a network of a study.
  package let stage: String
  package let weights: Double
  package let moments: Double
  package let data: Double
  /// Of `data`: samples that a training reads at once where inputs lie in their file; nil for none.
  package let window: ReadWindow?
  package let statistics: Double
  /// Gradients, and what a checkpoint is compressed from and to.
  package let writing: Double

  package var bytes: Double { weights + moments + data + statistics + writing }

  /// - Parameter done: keys of stages that are not computed any more.
  /// - Returns: nil where nothing is computed.
  package init?(of plan: Plan, done: Set<String> = []) {
    let needs = plan.stages.filter { !done.contains($0.key) }
      .map { MemoryNeed(of: $0, in: plan) }
    guard let most = needs.max(by: { $0.bytes < $1.bytes }) else { return nil }
    self = most
  }

  /// Of one stage.
  init(of stage: PlannedStage, in plan: Plan) {
    let facts = plan.facts
    let samples = [facts.trainingSamples, facts.validationSamples ?? 0, facts.testSamples ?? 0]
      .reduce(0.0) { $0 + Double($1) }
    let columns = Double(
      (plan.readsInputs ? 0 : facts.inputs) + (facts.classes.isEmpty ? facts.outputs : 1))
    let memory = stage.action.stage.memory(plan.architecture)
    let measured = min(memory.measured, facts.validationSamples ?? facts.trainingSamples)
    let read = plan.readsInputs ? min(memory.samples, facts.trainingSamples) + measured : 0
    // What ranks hold of the rows, a process alone does not.
    let window =
      plan.readsInputs && !plan.shardsInputs && memory.batch > 0
      ? ReadWindow(
        of: facts.trainingSamples, columns: facts.inputs,
        batch: min(memory.batch, facts.trainingSamples), blocks: plan.blocks
      ) : nil
    let count = plan.architecture.widths.adjacent.reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    self.init(
      "stage \(stage.name)", memory, weightCount: count,
      data: 4 * (samples * columns + Double(read) * Double(facts.inputs)),
      window: window, writes: stage.kind.changesModel)
  }

  /// - Parameters:
  ///   - stage: what needs it.
  ///   - data: bytes, but for those of `window`.
  ///   - window: what a training reads at once; nil for none.
  ///   - writes: whether it trains or writes a model.
  package init(
    _ stage: String, _ memory: StageMemory, weightCount: Double, data: Double,
    window: ReadWindow? = nil, writes: Bool = true
  ) {
    self.stage = stage
    self.window = window
    weights = 4 * weightCount * Double(memory.networks)
    moments = 4 * weightCount * Double(memory.moments)
    self.data = data + (window?.bytes ?? 0)
    statistics = 8 * memory.statistics
    writing = writes ? 4 * weightCount * memory.copies : 0
  }

  /// Makes sure that it can be had.
  ///
  /// - Parameter present: bytes that there are; nil where that is not known.
  /// - Throws: `RunFailure.invalid`.
  package func demand(_ present: Int?) throws(RunFailure) {
    guard let present, bytes > Double(present) else { return }
    func mebibytes(_ bytes: Double) -> String { "\(Int((bytes / 1_048_576).rounded(.up)))" }
    let largest = max(weights, moments, statistics, writing)
    throw .invalid(
      "\(stage) takes at least \(mebibytes(bytes)) MiB of memory (weights "
        + "\(mebibytes(weights)), moments \(mebibytes(moments)), data \(mebibytes(data)), statistics "
        + "\(mebibytes(statistics)), copies \(mebibytes(writing))), and there are \(present >> 20); "
        + (window.flatMap { $0.bytes > largest ? $0.advice : nil }
          ?? "make the layers of model.hidden narrower")
        + ", or use a machine, or a limit, with more")
  }
}

/// Memory that work on a stored model takes beside the model and the data, which are there already.
package enum WorkMemory {
  /// Makes sure that it can be had.
  ///
  /// - Parameters:
  ///   - bytes: no more than it certainly takes.
  ///   - work: what takes it, such as pruning.
  ///   - present: bytes that there are; nil where that is not known.
  /// - Throws: `RunFailure.invalid`.
  package static func demand(
    _ bytes: Double, for work: String, advice: String, present: Int?
  ) throws(RunFailure) {
    guard let lack = MemoryLack(of: bytes, present: present) else { return }
    throw .invalid("\(work) \(lack), or \(advice)")
  }
}

extension ModelFormat {
  /// Makes sure that there is the memory to make the files of `network`.
  ///
  /// - Throws: `RunFailure.invalid`.
  package func demandMemory(
    toWrite network: Network, of model: String, present: Int? = MemoryAllowance.present
  ) throws(RunFailure) {
    try WorkMemory.demand(
      writingBytes(of: network), for: "writing \(model) as \(name)",
      advice: "choose another format", present: present)
  }
}

extension Array {
  /// Every element with the next one.
  fileprivate var adjacent: Zip2Sequence<[Element], ArraySlice<Element>> { zip(self, dropFirst()) }
}
