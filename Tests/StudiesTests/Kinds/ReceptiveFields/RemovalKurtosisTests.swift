import Engine
import NumericCore
import Studies
import Testing

@Suite("Removal and kurtosis") struct RemovalKurtosisTests {
  // By scikit-learn 1.9.1: roc_auc_score([1] * 5 + [0] * 4, first + second).
  @Test("separation is the area under the curve, ties counting half")
  func separation() {
    let first = [0.1, 0.4, 0.4, -0.2, 1.5]
    let second = [0.4, 0.0, -0.2, -0.7]
    #expect(abs((RemovalKurtosis.separation(of: first, from: second) ?? 0) - 0.775) < 1e-12)
    #expect(RemovalKurtosis.separation(of: [1, 2], from: [0]) == 1)
    #expect(RemovalKurtosis.separation(of: [1], from: [1]) == 0.5)
    #expect(RemovalKurtosis.separation(of: [], from: [1]) == nil)
  }

  @Test("shares are of weights that go, and of weights that stay")
  func shares() {
    // The units of `PreActivationMomentsTests`: the rises are positive, negative, negative, positive in the first,
    // and 0, negative, negative, negative in the second.
    let moments = PreActivationMoments(
      of: Matrix(rows: 2, columns: 4, [1, -0.5, 0.25, 2, 0, 0.75, -1.5, 0.5]),
      on: Matrix(
        rows: 7, columns: 4,
        [
          1, 2, 0, -1, 0, 1, 3, 2, 2, -1, 1, 0, -3, 0.5, 2, 1, 4, 1, -2, 0.5, 0.5, -2, 1, 3, 1, 0,
          0,
          -2,
        ]), rows: [0, 1, 2, 3, 4, 5, 6], pool: WorkerPool(threadCount: 1))
    var before = Mask(rows: 2, columns: 4)
    before.remove(4)
    var after = before
    after.remove([0, 1, 3])
    let removal = RemovalKurtosis(moments, from: before, to: after)
    #expect(removal.raisingAmongRemoved == 2.0 / 3)
    #expect(removal.raisingAmongKept == 0)
    let nothing = RemovalKurtosis(moments, from: before, to: before)
    #expect(nothing.raisingAmongRemoved == nil && nothing.separation == nil)
    #expect(nothing.raisingAmongKept == 2.0 / 7)
  }
}
