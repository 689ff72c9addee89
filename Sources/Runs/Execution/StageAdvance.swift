/// How far a stage is, between two things that are done and told of; told several times a second at most.
package enum StageAdvance: Sendable, Equatable {
  /// A training, inside an epoch or behind one.
  case epochs(EpochAdvance)
  /// A pruning in several steps.
  case steps(done: Int, of: Int)
  /// It goes on, and how far it is nobody knows.
  case working

  /// Share of the stage that is done, 0 to 1, of the most it may take; nil where nobody knows.
  package var share: Double? {
    switch self {
    case .epochs(let advance): advance.share
    case .steps(let done, let all): Double(done) / Double(max(all, 1))
    case .working: nil
    }
  }
}

/// How far a training is.
package struct EpochAdvance: Sendable, Equatable {
  /// Epochs that are done, of the settings' `epochs`.
  package let done: Int
  package let epochs: Int
  /// The epochs that the stage itself is to do, counted from 0.
  package let range: Range<Int>
  /// Samples of the present epoch that it has taken, of `samplesPerEpoch`.
  package let samples: Int
  package let samplesPerEpoch: Int
  /// The mean loss over those; nil before the first.
  package let loss: Double?

  package init(
    done: Int, epochs: Int, range: Range<Int>, samples: Int, samplesPerEpoch: Int, loss: Double?
  ) {
    self.done = done
    self.epochs = epochs
    self.range = range
    self.samples = samples
    self.samplesPerEpoch = samplesPerEpoch
    self.loss = loss
  }

  /// Share of the stage that is done, 0 to 1.
  package var share: Double {
    let done =
      Double(self.done - range.lowerBound) + Double(samples) / Double(max(samplesPerEpoch, 1))
    return min(1, done / Double(max(range.count, 1)))
  }

  /// Samples that the stage has taken, counted from the first epoch of its settings.
  package var allSamples: Int { done * samplesPerEpoch + samples }
}

/// What is known before of the time that a stage will take.
package struct StageLoad: Sendable, Equatable {
  package let name: String
  package let kind: StageKind
  /// Of a training stage, at most.
  package let epochs: Int?

  package init(name: String, kind: StageKind, epochs: Int?) {
    self.name = name
    self.kind = kind
    self.epochs = epochs
  }

  /// Whether nobody knows how many stages it will come to.
  package var isOpen: Bool { kind == .search }
}
