import Scheduler
import Testing

@Suite("SparsityError") struct SparsityErrorTests {
  @Test(
    "each error says what is wrong and what to write",
    arguments: [
      (
        SparsityError.notASparsity(90),
        "90.0 is not a sparsity: it is the fraction removed, at least 0 and below 1; "
          + "did you mean 0.9?"
      ),
      (
        .notASparsity(1),
        "1.0 is not a sparsity: it is the fraction removed, at least 0 and below 1"
      ),
      (.countOutOfRange(kept: 4, total: 3), "4 weights cannot be left of 3"),
      (.nothingLeft(total: 3), "none of the 3 weights is left, so there is nothing to prune"),
      (
        .targetBelowStart(target: Sparsity(testing: 0.5), start: Sparsity(testing: 0.9)),
        "the target sparsity 0.5 is below the 0.9 that the network already has; "
          + "removed weights do not come back, so use a target of at least 0.9"
      ),
      (.targetMissing(curve: "cubic"), "the curve cubic needs a target sparsity"),
      (.roundsMissing(curve: "cubic"), "the curve cubic needs a number of rounds"),
      (.roundsOutOfRange(rounds: 0, limit: 10_000), "0 rounds are not possible: use 1 to 10000"),
      (
        .fractionOutOfRange(1.5),
        "1.5 is not a fraction to remove in each round: use more than 0 and less than 1"
      ),
      (
        .fractionMissesTarget(
          fraction: 0.2, rounds: 2, reached: Sparsity(testing: 0.36),
          target: Sparsity(testing: 0.5), needed: 4),
        "removing 0.2 of what is left in each of 2 rounds ends at 0.36, below the target 0.5; "
          + "use 4 rounds or a larger fraction"
      ),
      (
        .fractionMissesTarget(
          fraction: 0.2, rounds: 2, reached: Sparsity(testing: 0.36),
          target: Sparsity(testing: 0.5), needed: nil),
        "removing 0.2 of what is left in each of 2 rounds ends at 0.36, below the target 0.5; "
          + "use a larger fraction"
      ),
      (
        .fractionNeedsTooManyRounds(
          fraction: 1e-9, target: Sparsity(testing: 0.5), limit: 10_000),
        "removing 1e-09 of what is left in each round needs more than 10000 rounds to reach 0.5; "
          + "use a larger fraction"
      ),
      (.listEmpty, "the list of sparsities is empty; give one value a round"),
      (
        .listFalls(round: 2, previous: Sparsity(testing: 0.9), value: Sparsity(testing: 0.5)),
        "the list of sparsities falls from 0.9 to 0.5 in round 2; removed weights do not come back"
      ),
      (
        .listLength(values: 3, rounds: 2),
        "the list has 3 sparsities for 2 rounds; give one value a round"
      ),
      (
        .listMissesTarget(last: Sparsity(testing: 0.9), target: Sparsity(testing: 0.98)),
        "the list of sparsities ends at 0.9, not at the target 0.98"
      ),
      (
        .listBelowStart(first: Sparsity(testing: 0.1), start: Sparsity(testing: 0.5)),
        "the list of sparsities begins at 0.1, below the 0.5 that the network already has; "
          + "removed weights do not come back"
      ),
    ] as [(SparsityError, String)])
  func wording(error: SparsityError, text: String) {
    #expect(error.description == text)
  }
}
