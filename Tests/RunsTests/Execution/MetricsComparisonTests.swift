import NeuralNetworks
import Runs
import Testing

@Suite("MetricsComparison") struct MetricsComparisonTests {
  private func outcome(
    _ recorded: Metrics, _ measured: Metrics, samples: Int = 100
  ) -> MetricsComparison.Outcome {
    MetricsComparison(recorded: recorded, measured: measured, samples: samples).outcome
  }

  private func values(_ rmse: Double, _ r2: Double) -> Metrics {
    Metrics(loss: 1, targets: [.init(rmse: rmse, mae: 1, r2: r2)])
  }

  @Test("the same bits are the same; one bit less is close; more is different")
  func loss() {
    let metrics = Metrics(loss: 2)
    #expect(outcome(metrics, metrics) == .same)
    #expect(outcome(metrics, Metrics(loss: (2.0).nextUp)) == .close)
    #expect(outcome(metrics, Metrics(loss: 2.0001)) == .close)
    #expect(outcome(metrics, Metrics(loss: 2.001)) == .different)
    #expect(outcome(metrics, Metrics(loss: .nan)) == .different)
  }

  @Test(
    "accuracy: one sample, or a thousandth of them, may change sides", arguments: [3, 100, 7000])
  func accuracy(samples: Int) {
    let one = Double(max(1, samples / 1000)) / Double(samples)
    let metrics = Metrics(loss: 1, accuracy: 0.5)
    #expect(outcome(metrics, Metrics(loss: 1, accuracy: 0.5 + one), samples: samples) == .close)
    #expect(
      outcome(metrics, Metrics(loss: 1, accuracy: 0.5 - 2.1 * one), samples: samples)
        == .different)
    #expect(outcome(metrics, Metrics(loss: 1), samples: samples) == .different)
  }

  @Test("regression: rmse by its size, r2 by its value")
  func regression() {
    let metrics = values(1000, 0.9)
    #expect(outcome(metrics, values(1000.05, 0.90005)) == .close)
    #expect(outcome(metrics, values(1001, 0.9)) == .different)
    #expect(outcome(metrics, values(1000, 0.91)) == .different)
  }

  @Test("what differs is said with both values")
  func description() {
    let comparison = MetricsComparison(
      recorded: Metrics(loss: 1, accuracy: 0.5), measured: Metrics(loss: 2), samples: 1)
    #expect(
      comparison.description
        == "loss is recorded as 1.0 and measured as 2.0, accuracy is recorded as 50.0 % and measured "
        + "as none")
  }
}
