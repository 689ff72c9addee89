/// Which rule changes the weights. Weight decay applies to weights, biases and slopes alike, as in
/// PyTorch.
package enum Optimizer: Sendable, Equatable {
  case sgd(SGD)
  /// Kingma and Ba 2015; weight decay is added to the gradient.
  case adam(Adam)
  /// Loshchilov and Hutter 2019; weight decay shrinks the weights directly.
  case adamW(Adam)

  /// Stochastic gradient descent: v ← μ v + g, w ← w − η v (or η (g + μ v) with Nesterov).
  package struct SGD: Sendable, Equatable {
    /// η, above 0.
    package var learningRate: Double
    /// μ in [0, 1).
    package var momentum: Double
    /// Needs momentum above 0.
    package var nesterov: Bool
    /// λ ≥ 0: g ← g + λ w.
    package var weightDecay: Double

    package init(
      learningRate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.nesterov = nesterov
      self.weightDecay = weightDecay
    }
  }

  /// Settings of Adam and AdamW.
  package struct Adam: Sendable, Equatable {
    /// η, above 0.
    package var learningRate: Double
    /// β₁ in [0, 1).
    package var beta1: Double
    /// β₂ in [0, 1).
    package var beta2: Double
    /// ε, above 0.
    package var epsilon: Double
    /// λ ≥ 0.
    package var weightDecay: Double

    package init(
      learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
      epsilon: Double = 1e-8, weightDecay: Double = 0
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }
  }

  /// The same rule at another rate, above 0.
  package func with(learningRate: Double) -> Optimizer {
    switch self {
    case .sgd(var settings):
      settings.learningRate = learningRate
      return .sgd(settings)
    case .adam(var settings):
      settings.learningRate = learningRate
      return .adam(settings)
    case .adamW(var settings):
      settings.learningRate = learningRate
      return .adamW(settings)
    }
  }

  /// The rate before warm-up and decay.
  package var learningRate: Double {
    switch self {
    case .sgd(let settings): settings.learningRate
    case .adam(let settings), .adamW(let settings): settings.learningRate
    }
  }
}
