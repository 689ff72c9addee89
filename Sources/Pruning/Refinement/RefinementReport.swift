/// What a refinement did.
package struct RefinementReport: Sendable, Equatable {
  /// The objective on one part of the samples, before and after.
  package struct Change: Sendable, Equatable {
    package let before: Double
    package let after: Double
  }

  package let target: Refinement.Target
  /// On the samples that it fitted, and on those that it was stopped by.
  package let fitted: Change
  package let heldOut: Change
  /// Iterations of conjugate gradients, those of steps that were not taken included.
  package let iterations: Int
  /// Steps that were taken.
  package let steps: Int
  /// Whether it ended because the samples held out got worse.
  package let isStopped: Bool
  package let seconds: Double
}
