import Pruning
import Scheduler
import Testing

@Suite("Pruning errors")
struct PruningErrorTests {
  @Test(
    "say what is wrong, where, and what to do",
    arguments: [
      (
        PruningError.noSamples,
        "there are no samples to score weights on; give the training part at least one row"
      ),
      (
        .weightsNotFinite(layer: "hidden2"),
        "layer hidden2 has weights or biases that are not finite numbers, so training has diverged "
          + "before; go back to an earlier checkpoint and lower the learning rate"
      ),
      (
        .statisticsNotFinite(layer: "output", metric: .fisher),
        "the statistics of layer output under the metric fisher are not finite: inputs are not "
          + "numbers, or values overflow on their way through the network; scale the inputs or "
          + "lower the learning rate"
      ),
      (
        .gradientNotFinite(layer: "hidden1"),
        "the gradient by the pruned weights of layer hidden1 is not finite, so none can be grown "
          + "back; scale the inputs or lower the learning rate"
      ),
      (
        .biasNotFinite(layer: "hidden1"),
        "compensation makes a bias of layer hidden1 overflow; scale the inputs"
      ),
      (
        .noCurvature,
        """
        the criterion obd takes the curvature of cross_entropy, binary_cross_entropy or mse; use one \
        of them, or the criterion taylor
        """
      ),
      (
        .nothingHeldOut(samples: 4, share: 0.1),
        """
        refine holds out a share of 0.1 of 4 samples, which leaves none to fit or none to hold out; \
        give it more samples, or another held_out
        """
      ),
      (
        .noCurvatureToRefine,
        "the loss mae has no curvature that refine could go by; use target: outputs"
      ),
      (
        .countsNotFixed(criterion: "wanda", policy: "global"),
        """
        the criterion wanda ranks weights within their row, so it says nothing about layers, which \
        the budget policy global compares; use uniform, erk or manual
        """
      ),
      (
        .budget(.layerCount(layer: "hidden1", demanded: 13, remaining: 12)),
        "layer hidden1 cannot keep 13 weights: it has 12 left"
      ),
    ])
  func wording(error: PruningError, text: String) {
    #expect(error.description == text)
  }
}
