import NeuralNetworks

extension Plan {
  /// The model before the first stage: the one that the schedule starts from, or a function of
  /// architecture, seed and data.
  func initialModel(_ data: RunData) -> ModelState {
    ModelState(
      network: start?.network ?? architecture.network(seed: seed), inputScaling: data.inputScaling,
      targetScaling: data.targetScaling, classes: data.classes)
  }
}
