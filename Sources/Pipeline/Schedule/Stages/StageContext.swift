import Formats
import NeuralNetworks

/// What a stage is decoded against: the rest of the schedule, as far as it could be read.
///
/// Nil stands for what is wrong elsewhere and reported there; nothing follows from it.
struct StageContext {
  let task: LearningTask?
  /// Which parts of the data there are.
  let data: DataSettings?
  /// hidden1, hidden2, …, output.
  let layerNames: [String]?
  /// What holds where a stage states nothing.
  let training: TrainingOptions
  /// The optimizer of the last train or finetune stage so far.
  var lastOptimizer: LastOptimizer = .none
  /// To which stages can be rewound.
  var trained = TrainedStages()

  /// What `optimizer: continue` would go on with.
  enum LastOptimizer {
    /// No stage has trained yet.
    case none
    /// One has, with settings that are wrong.
    case unknown
    case known(Optimizer)
  }
}
