import Runs

/// A network of a study could not be trained, pruned or measured.
package struct StudyFailure: Error, Equatable {
  /// The cell, or the dense network.
  package let subject: String
  /// Why, as a clause.
  package let reason: String

  /// What `failure` means in a study, where no stage has a name of its own; nil for what is none of the
  /// network's.
  init?(_ failure: RunFailure, of subject: String) {
    switch failure {
    case .diverged(_, let epoch, let step, let learningRate):
      reason =
        "the loss is not a number at epoch \(epoch), step \(step), learning rate \(learningRate)"
        + Self.advice
    case .notFinite: reason = "the network is not finite" + Self.advice
    case .failed(_, let text): reason = text
    case .interrupted, .damaged, .dataChanged, .fingerprintChanged, .noSpace, .missing,
      .commandLine, .invalid:
      return nil
    }
    self.subject = subject
  }

  private static let advice =
    "; lower the learning rate, clip the gradient (clip: {norm: 1}), or leave this cell out"
}

extension StudyFailure: CustomStringConvertible {
  package var description: String {
    "\(subject): \(reason); what was measured is kept, and the same command goes on"
  }
}
