/// What question a study asks. It decides which keys the study has, how a cell is measured, and which columns
/// the results have.
package enum StudyKind: String, Sendable, CaseIterable {
  /// Which way to prune is better.
  case pruning
  /// What a refit brings back after hidden units have gone.
  case units
  /// Where networks learn, forget and cannot learn, by the dropout of training and evaluation.
  case dropoutPhases = "dropout_phases"
  /// Whether pruning in rounds leaves units local fields of pixels.
  case receptiveFields = "receptive_fields"

  /// What the kind brings; nil for pruning, whose cells are stages of schedules.
  package var experiment: (any StudyExperiment.Type)? {
    switch self {
    case .pruning: nil
    case .units: UnitsExperiment.self
    case .dropoutPhases: DropoutPhasesExperiment.self
    case .receptiveFields: ReceptiveFieldsExperiment.self
    }
  }

  /// Which comparisons are made between several networks and data sets, as a sentence. Their seeds are the same
  /// numbers, but the weights and, of data sets, the samples are others, so that nothing pairs them.
  package var acrossNetworks: String {
    switch self {
    case .pruning, .units, .receptiveFields:
      "Each network on each data set stands for itself: no test compares two of them."
    case .dropoutPhases:
      "Networks on one data set are compared by their phases; no other test compares two of them, nor two data sets."
    }
  }

  /// Whether it has the keys `model` and `models`.
  var takesModels: Bool { experiment?.takesModels ?? true }

  /// Whether it has the key `train`.
  var trainsDense: Bool { experiment?.trainsDense ?? true }
}
