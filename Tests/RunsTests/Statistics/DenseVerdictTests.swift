import NeuralNetworks
import Runs
import Testing

@Suite("The verdict on a pruned network")
struct DenseVerdictTests {
  private func verdict(
    _ measure: DenseVerdict.Measure, _ value: Double, _ low: Double?, _ high: Double?
  ) -> DenseVerdict {
    DenseVerdict(
      measure, now: 0.9 + value, dense: 0.9,
      change: DenseComparison.Change(value: value, low: low, high: high))
  }

  @Test("follows from which side of none the interval lies on")
  func outcomes() {
    #expect(verdict(.accuracy, 0.02, 0.01, 0.03).outcome == .better)
    #expect(verdict(.accuracy, -0.02, -0.03, -0.01).outcome == .worse)
    #expect(verdict(.accuracy, -0.02, -0.03, 0.01).outcome == .asGood)
    #expect(verdict(.loss, 0.2, 0.1, 0.3).outcome == .worse)
    #expect(verdict(.loss, -0.2, -0.3, -0.1).outcome == .better)
    #expect(verdict(.loss, 0.2, 0.1, nil).outcome == .worse)
    #expect(verdict(.loss, 0.2, nil, 0.3).outcome == .asGood)
  }

  @Test("is clear where chance does not explain it and it matters")
  func clear() {
    #expect(verdict(.accuracy, -0.02, -0.03, -0.01).isClearlyWorse)
    #expect(!verdict(.accuracy, -0.002, -0.003, -0.001).isClearlyWorse)
    #expect(verdict(.loss, 0.2, 0.1, 0.3).isClearlyWorse)
    #expect(!verdict(.loss, 0.05, 0.01, 0.09).isClearlyWorse)
    #expect(!verdict(.loss, 0.2, -0.1, 0.5).isClearlyWorse)
  }

  @Test("leaves open whether it is clearly worse where the interval reaches that far, or is open")
  func open() {
    #expect(verdict(.accuracy, 0, -0.01, 0.01).mayBeClearlyWorse)
    #expect(!verdict(.accuracy, 0, -0.009, 0.01).mayBeClearlyWorse)
    #expect(verdict(.accuracy, 0, nil, 0.01).mayBeClearlyWorse)
    #expect(verdict(.loss, 0, -0.2, 0.1).mayBeClearlyWorse)
    #expect(!verdict(.loss, 0, -0.2, 0.09).mayBeClearlyWorse)
    #expect(verdict(.loss, 0, -0.2, nil).mayBeClearlyWorse)
  }

  @Test("has both figures, the change and its interval")
  func words() {
    #expect(
      verdict(.accuracy, -0.02, -0.03, -0.01).description
        == "the accuracy is 88.00 % against 90.00 %, −2.00 points (95 % interval −3.00 to −1.00)")
  }

  @Test("has no interval where rows are too few, and says how many it takes where that is known")
  func few() {
    func text(_ needed: Int?) -> String {
      DenseComparison.Change(value: 0.5, low: nil, high: nil, samplesNeeded: needed).interval
    }
    let start = "no 95 % interval: these rows do not suffice for one"
    #expect(text(1100) == start + ", it takes 1,100 or more like them")
    #expect(text(nil) == start)
  }

  @Test("is made of a comparison, accuracy first; values have the loss alone")
  func all() {
    func comparison(_ accuracy: DenseComparison.Change?) -> DenseComparison {
      DenseComparison(
        stage: "train", metrics: Metrics(loss: 0.2, accuracy: accuracy.map { _ in 0.9 }), lost: nil,
        gained: nil, accuracy: accuracy,
        loss: DenseComparison.Change(value: 0.5, low: 0.1, high: 0.9))
    }
    let change = DenseComparison.Change(value: 0.05, low: 0.01, high: 0.09)
    let metrics = Metrics(loss: 0.3, accuracy: 0.95)
    #expect(DenseVerdict.all(metrics, comparison(change)).map(\.measure) == [.accuracy, .loss])
    #expect(DenseVerdict.all(metrics, comparison(nil)).map(\.measure) == [.loss])
  }
}
