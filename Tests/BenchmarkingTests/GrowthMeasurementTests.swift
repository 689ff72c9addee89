import NumericCore
import Storage
import Testing
import Benchmarking

@Suite("Growth of a step's time")
struct GrowthMeasurementTests {
  private func growth(_ ratios: [(Double, Double?)]) -> GrowthMeasurement {
    GrowthMeasurement(
      threads: 1, byWidth: [],
      bySparsity: ratios.map {
        .init(width: 64, sparsity: $0.0, dense: 2, compressed: $0.1.map { 2 * $0 })
      })
  }

  @Test("The crossover lies where the times are equal, on a straight line between neighbours")
  func crossover() {
    #expect(abs(growth([(0, nil), (0.5, 1.5), (0.75, 0.5)]).crossover! - 0.625) < 1e-12)
    #expect(growth([(0, nil), (0.5, 0.9), (0.75, 0.5)]).crossover == 0.5)
    #expect(growth([(0, nil), (0.5, 1.9), (0.75, 1.5)]).crossover == nil)
  }

  @Test(
    "The largest rise is over the shortest time of a smaller batch, and 0 where times only fall")
  func rise() {
    func growth(_ times: [Double]) -> BatchGrowth {
      BatchGrowth(
        points: times.enumerated().map { .init(batch: $0 + 1, dense: $1, compressed: 1) })
    }
    #expect(growth([8, 4, 6, 5]).largestRise(\.dense) == 0.5)
    #expect(growth([8, 4, 6, 5]).largestRise(\.compressed) == 0)
    #expect(growth([8, 4, 2]).largestRise(\.dense) == 0)
  }

  @Test("A measurement has a point for every width and every sparsity, and JSON of the same")
  func measurement() throws {
    var noted: [[Int]] = []
    let growth = GrowthMeasurement.measure(
      pool: WorkerPool(threadCount: 2), seconds: 0.01, widths: [16, 48], sparsities: [0, 0.9],
      widthOfSparsities: 32, batches: [1, 17]
    ) { width, _, batch in noted.append([width, batch]) }
    #expect(noted == [[16, 128], [48, 128], [32, 128], [32, 128], [512, 1], [512, 17]])
    #expect(growth.byBatch.points.map(\.batch) == [1, 17])
    #expect(growth.json["by_batch"]?[1]?["dense_us"]?.doubleValue ?? 0 > 0)
    #expect(growth.threads == 2)
    #expect(growth.byWidth.map(\.width) == [16, 48])
    #expect(growth.byWidth.allSatisfy { $0.sparsity == 0.95 && $0.compressed != nil })
    #expect(growth.bySparsity.map(\.sparsity) == [0, 0.9])
    #expect(growth.bySparsity[0].compressed == nil)
    #expect(growth.json["by_width"]?.arrayValue?.count == 2)
    #expect(growth.json["by_sparsity"]?[0]?["compressed_ms"] == .null)
    #expect(growth.json["by_sparsity"]?[1]?["dense_ms"]?.doubleValue ?? 0 > 0)
  }
}
