import Scheduler
import Testing

@Suite("BudgetError") struct BudgetErrorTests {
  @Test(
    "each error says what is wrong, where, and what to write",
    arguments: [
      (
        BudgetError.layerSize(layer: "a", outputs: -1, inputs: 2),
        "layer a is -1 × 2; sizes must not be negative and a layer has at most "
          + "1099511627776 weights"
      ),
      (
        .remainingOutOfRange(layer: "a", remaining: 7, weights: 6),
        "layer a cannot have 7 of its 6 weights left"
      ),
      (
        .importanceCount(layer: "a", importances: 1, remaining: 2),
        "layer a has 1 importances for 2 remaining weights"
      ),
      (
        .importanceInvalid(layer: "a", index: 3, value: .nan),
        "layer a: the importance of remaining weight 3 is nan; importances must be finite and not "
          + "negative, so look for diverged weights"
      ),
      (
        .importancesMissing(layer: "a"),
        "layer a: weights cannot be ranked before their importances are measured"
      ),
      (
        .densityOutOfRange(90),
        "90.0 is not a density: it is the fraction kept, at least 0 and at most 1"
      ),
      (
        .noSuchLayer(pattern: "hiden", layers: ["hidden1", "output"]),
        "no layer is called hiden; the layers are hidden1, output"
      ),
      (
        .noSuchLayer(pattern: "x", layers: (1...10).map { "\($0)" }),
        "no layer is called x; the layers are 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"
      ),
      (
        .noSuchLayer(pattern: "*", layers: []),
        "no layer is called *; there are no layers"
      ),
      (
        .layerNotStated(layer: "output"),
        "the budget policy manual states no sparsity for layer output; state one for every layer "
          + "that is not kept"
      ),
      (
        .tooFewKept(demanded: -1, feasible: 0, total: 10, binding: nil),
        "cannot prune to -1 of 10 weights: the least is 0; "
          + "the nearest feasible target is sparsity 0.95"
      ),
      (
        .limitTooSmall(
          .bytes(40), kept: 9, feasible: 112,
          binding: BindingLimit(layer: "output", constraint: .keep, least: 8)),
        "cannot get down to 40 bytes: the network keeps 9 weights at least, most of them in output "
          + "(keep: 8) and takes 112 then; the nearest feasible limit is 112"
      ),
      (
        .limitTooSmall(.multiplyAdds(1), kept: 2, feasible: 2, binding: nil),
        "cannot get down to 1 multiply-adds: the network keeps 2 weights at least and takes 2 then; "
          + "the nearest feasible limit is 2"
      ),
      (
        .timeTooShort(milliseconds: 0.5, kept: 3, feasible: 0.75, layer: "output", share: 0.664),
        "cannot get down to 0.5 milliseconds: the network keeps 3 weights at least and takes 0.75 "
          + "then, 66 % of it in output; the nearest feasible limit is 0.75"
      ),
      (.timeOrder, "times of a layer are measured from all its weights down to none"),
      (
        .timeInvalid(kept: 4, nanoseconds: -1),
        "with 4 weights left, a layer takes -1.0 ns; times must be from 0 to 10^15"
      ),
      (
        .tooManyKept(demanded: 11, feasible: 5, total: 10),
        "cannot keep 11 of 10 weights: only 5 are left and removed ones do not come back; "
          + "the nearest feasible target is sparsity 0.5"
      ),
      (
        .curveOrder, "an error curve needs points, from the most weights kept to the fewest"
      ),
      (
        .curveInvalid(kept: 4, error: .infinity),
        "with 4 weights left in a layer, the error of the network is inf; errors must be finite "
          + "and not negative, so look for diverged weights"
      ),
      (
        .curveStart(layer: "a", kept: 3, remaining: 4),
        "the error curve of layer a begins with 3 weights, not with the 4 that are left"
      ),
      (
        .curveMissing(layer: "a", least: 1),
        "layer a: its errors are not measured down to 1 weights"
      ),
      (
        .ladderOrder(rungs: 0, limit: 100),
        "a ladder has 1 to 100 sparsities above 0, each larger than the one before; this one has 0"
      ),
      (
        .ladderOrder(rungs: 2, limit: 100),
        "a ladder has 1 to 100 sparsities above 0, each larger than the one before; this one has "
          + "2, which do not rise"
      ),
      (
        .layerCount(layer: "a", demanded: 3, remaining: 2),
        "layer a cannot keep 3 weights: it has 2 left"
      ),
      (
        .groupsNotDense(
          layer: "a", pattern: GroupPattern(keep: 2, of: 4), remaining: 3, weights: 6),
        "2:4 groups are counted in dense layers, and a has 3 of its 6 weights left; prune to n_of_m "
          + "before anything else, or keep the layer"
      ),
      (
        .unitsNotDense(layer: "a", remaining: 3, weights: 6),
        "what the stated units come to follows in dense layers, and a has 3 of its 6 weights left; "
          + "state the sparsity to reach (to)"
      ),
      (
        .groupTotal(
          pattern: GroupPattern(keep: 1, of: 4), demanded: 20, stated: 10, total: 40),
        "1:4 groups leave 10 of 40 weights, not 20; leave the sparsity out, or write 0.75"
      ),
      (
        .groupsBelowLimit(
          layer: "a", pattern: GroupPattern(keep: 2, of: 4), count: 20, least: 30),
        "2:4 groups leave 20 weights of layer a, whose limits keep 30; keep the layer, or take its "
          + "limit away"
      ),
    ] as [(BudgetError, String)])
  func wording(error: BudgetError, text: String) {
    #expect(error.description == text)
  }
}
