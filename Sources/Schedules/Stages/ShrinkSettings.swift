import NeuralNetworks
import Storage

/// A `shrink` stage, which makes matrices smaller by what cannot matter.
///
///     shrink: {}
///     shrink: {merge_identical: false}
///
/// Inputs stay, read or not: the run's data have them. What takes files, the command and exports, leaves them
/// out on request.
package struct ShrinkSettings: Sendable, Equatable {
  /// Whether units that give the same become one.
  package let mergesIdentical: Bool

  package init(mergesIdentical: Bool) { self.mergesIdentical = mergesIdentical }

  package static func block(in context: StageContext) -> Block<ShrinkSettings> {
    Block(
      "shrink",
      "Makes layers smaller by units that cannot matter: the outputs stay the same within rounding. Units "
        + "without live inputs go into the next biases, and units without live outputs go. Sparsities of later "
        + "stages still count from the network that the run began with.",
      .setting(
        "merge_identical", \.mergesIdentical, .boolean(), default: true,
        "Whether units with the same weights, bias and slope become one."),
      make: ShrinkSettings.init)
  }

  /// What removes them.
  package var shrinking: Shrinking { Shrinking(mergesIdentical: mergesIdentical) }
}
