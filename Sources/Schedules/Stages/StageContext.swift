import Datasets
import NeuralNetworks

/// What a stage is decoded against: the rest of the schedule, as far as it could be read.
///
/// Nil stands for what is wrong elsewhere and reported there; nothing follows from it.
package struct StageContext {
  package let task: LearningTask?
  /// Which parts of the data there are.
  package let data: DataSettings?
  /// hidden1, hidden2, …, output.
  package let layerNames: [String]?
  /// What holds where a stage states nothing.
  package let training: TrainingOptions
  /// The optimizer of the last train or finetune stage so far.
  package var lastOptimizer: LastOptimizer = .none
  /// Whether a later stage trains before another one prunes.
  package var isTrainedNext = false
  /// To which stages can be rewound.
  package var trained = TrainedStages()

  package init(
    task: LearningTask?, data: DataSettings?, layerNames: [String]?, training: TrainingOptions
  ) {
    self.task = task
    self.data = data
    self.layerNames = layerNames
    self.training = training
  }

  /// Nothing known, for describing settings and for writing them out.
  package static var undecided: StageContext {
    StageContext(
      task: nil, data: nil, layerNames: nil, training: .defaults(for: .classification))
  }

  /// What `optimizer: continue` would go on with.
  package enum LastOptimizer {
    /// No stage has trained yet.
    case none
    /// One has, with settings that are wrong.
    case unknown
    case known(Optimizer)
  }
}
