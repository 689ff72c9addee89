import NeuralNetworks

extension Plan {
  /// The model before the first stage, which needs no file: a function of architecture, seed and data.
  func initialModel(_ data: RunData) -> ModelState {
    ModelState(
      network: start?.network ?? architecture.network(seed: seed), inputScaling: data.inputScaling,
      targetScaling: data.targetScaling, classes: data.classes)
  }
}
