import ModelFiles
import NeuralNetworks
import Schedules

/// The memory that a process has while a stage is computed. What a stage is certain to take at least is
/// `MemoryNeed`; this is what runs were seen to have.
struct MemoryEstimate {
  /// Bytes of the program itself, its libraries and threads.
  private static let program = 38.0 * 1_048_576
  /// Matrices as large as the weights: of a training beside the optimizer's moments, and of other stages.
  private static let trainingCopies = 3.5
  private static let otherCopies = 4.0
  /// Bytes of statistics: a weight, a unit, and an input of a layer.
  private static let statistics = (weight: 20.0, unit: 4096.0, input: 8192.0)
  /// Bytes that zstd takes on a thread, a byte of what it compresses, and at most.
  private static let compression = (byte: 12.0, most: 24.0 * 1_048_576)
  /// Threads that compress.
  private static let compressingThreads = 2.0

  let bytes: Double

  init(of stage: PlannedStage, in plan: Plan) {
    let architecture = plan.architecture
    let need = MemoryNeed(of: stage, in: plan)
    let weights = 4 * Double(architecture.weightCount)
    var pruning = stage.action.modelStage?.pruning
    var trains = stage.action.modelStage is TrainStage
    var moments = stage.action.stage.memory(architecture).moments
    if case .search(let search) = stage.action {
      // Its trials prune and train.
      pruning = search.round.pruning
      trains = search.round.finetune != nil
      moments = trains ? 2 : 0
    }
    var bytes = Self.program + need.data
    bytes +=
      weights * (trains ? Self.trainingCopies + 2 * Double(moments) : Self.otherCopies)
    if let pruning {
      bytes += max(need.statistics, Self.statistics(pruning.criterion, architecture))
    }
    // The checkpoint of the stage before.
    if stage.position > 1 { bytes += Self.compression(of: architecture) }
    self.bytes = bytes
  }

  private static func statistics(
    _ criterion: CriterionSettings, _ architecture: Architecture
  ) -> Double {
    if criterion.criterion == .magnitude { return 0 }
    let units = architecture.widths.dropFirst().reduce(0, +)
    let inputs = architecture.widths.dropLast().reduce(0, +)
    return statistics.weight * Double(architecture.weightCount) + statistics.unit * Double(units)
      + statistics.input * Double(inputs)
  }

  private static func compression(of architecture: Architecture) -> Double {
    let widths = architecture.widths
    let largest = zip(widths, widths.dropFirst()).map { 4 * Double($0) * Double($1) }.max() ?? 0
    return compressingThreads * min(compression.most, compression.byte * largest)
  }
}
