import Engine
import Pruning
import Storage

extension Refinement {
  /// The value of `refine`.
  ///
  /// - Parameter loss: what the network is trained for.
  static func block(for loss: Loss) -> Block<Refinement> {
    Block(
      "refine",
      "A full-batch second-order training step (damped Gauss-Newton) of all surviving weights and biases "
        + "after the last step of a pruning.",
      .setting(
        "target", \.target, .word("target"), default: Target.outputs,
        "What outputs should be: those before the stage, the labels (the targets of the data), or half of "
          + "each."),
      .setting(
        "iterations", \.iterations, .integer(iterationRange), default: standardIterations,
        "Iterations of conjugate gradients in all; a step takes at most 15."),
      .setting(
        "damping", \.damping, .number(.positive), default: standardDamping,
        "The damping to begin with, as a share of each parameter's curvature."),
      .setting(
        "held_out", \.heldOut, .number(.openUnit), default: standardHeldOut,
        "The share of the scoring samples that is not fitted but stops it, drawn by the seed."),
      .setting(
        "averaged", \.averaged, .integer(averagedRange), default: 1,
        "Refinements whose weights and biases are averaged, each with other samples held out; they take as "
          + "many times as long."),
      check: { keys, target, _, _, _, _ in
        if let target, !Refinement(target: target).suits(loss) {
          (keys["target"] ?? keys.field).report(
            RelationFault.nothingToRefine(target: target.rawValue, loss: loss.word))
        }
      },
      make: {
        Refinement(target: $0, iterations: $1, damping: $2, heldOut: $3, averaged: $4)
      })
  }

  /// How many iterations there may be.
  package static let iterationRange = 1...10_000

  /// Why it cannot be done with `samples` samples, as a clause that follows what it is part of; nil where it
  /// can.
  ///
  /// - Parameter advice: in whose words to say what to do.
  func obstacle(samples: Int, advice: CriterionSettings.Advice) -> String? {
    if divides(samples) { return nil }
    let count = heldOutCount(of: samples)
    return "refine holds out \(count) of \(counted(samples, "sample")), a share of \(heldOut), and "
      + (count == 0 ? "needs one at least" : "none is left to fit")
      + "; give it more samples" + (advice == .schedule ? ", or another held_out" : "")
  }
}
