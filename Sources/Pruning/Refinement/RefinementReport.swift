/// What a refinement did.
package struct RefinementReport: Sendable, Equatable {
  /// The objective on one part of the samples, before and after.
  package struct Change: Sendable, Equatable {
    package let before: Double
    package let after: Double
  }

  package let target: Refinement.Target
  /// On the samples that it fitted, and on those held out.
  package let fitted: Change
  package let heldOut: Change
  /// Iterations of conjugate gradients, those of steps that were not taken included.
  package let iterations: Int
  /// Steps that were taken.
  package let steps: Int
  package let seconds: Double
}
