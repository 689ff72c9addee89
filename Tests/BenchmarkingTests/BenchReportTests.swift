import NumericCore
import Storage
import Testing
import Benchmarking

@Suite("Report of the benchmark")
struct BenchReportTests {
  @Test("JSON has format, threads and a member for every row, sorted")
  func json() {
    let report = BenchReport(
      threads: 2,
      entries: [
        .init(
          name: "train/small/b32", milliseconds: 0.0312345678, peakShare: 0.52346,
          coreShare: 0.43219, bytesPerCycle: 3.1415),
        .init(
          name: "ec/lenet/n8000", milliseconds: 100, peakShare: 0.5, coreShare: 0.25,
          bytesPerCycle: 8),
      ])
    #expect(
      report.json.canonical
        == #"{"format":1,"instructions":"\#(InstructionSet.chosen.rawValue)","ms":{"#
        + #""ec/lenet/n8000":{"bytes_per_cycle":8.0,"core_share":0.25,"ms":100.0,"peak_share":0.5},"#
        + #""train/small/b32":{"bytes_per_cycle":3.14,"core_share":0.4322,"ms":0.031235,"#
        + #""peak_share":0.5235}},"threads":2}"#)
  }

  @Test("The share of loads alone is a member where there is one")
  func loads() {
    let report = BenchReport(
      threads: 1,
      entries: [
        .init(
          name: "infer/wide/b64/s0.95", milliseconds: 1, peakShare: 0.5, coreShare: 0.25,
          bytesPerCycle: 8, loadShare: 0.71236)
      ])
    #expect(report.json.canonical.contains(#""core_share":0.25,"load_share":0.7124,"ms":1.0"#))
  }

  @Test("A pruned batch is compared with its loads alone; a dense one and a single sample are not")
  func loadShare() throws {
    func share(_ name: String) throws -> Double? {
      let row = try #require(BenchRow.named(name).first)
      return try row.measure(pool: WorkerPool(threadCount: 1), repeats: 1).loadShare
    }
    let pruned = try #require(try share("infer/lenet/b64/s0.95"))
    // Loads alone take less than the work; a loaded machine may show them longer.
    #expect(pruned > 0.02 && pruned < 2)
    #expect(try share("train/small/b32") == nil)
    #expect(try share("infer/lenet/b1/s0.95") == nil)
  }

  @Test("A measured row has its name, a time and a share")
  func measurement() throws {
    let row = try #require(BenchRow.named("train/small/b32").first)
    let entry = try row.measure(pool: WorkerPool(threadCount: 1), repeats: 1)
    #expect(entry.name == row.name)
    #expect(entry.milliseconds > 0 && entry.milliseconds.isFinite)
    #expect(entry.peakShare > 0 && entry.peakShare.isFinite)
    #expect(entry.coreShare > 0 && entry.coreShare < 1.5)
    #expect(entry.bytesPerCycle > 0 && entry.bytesPerCycle < 256)
  }

  @Test("Dense operands count once, pruned inputs once a surviving weight")
  func bytes() throws {
    #expect(ProductShape(rows: 2, columns: 3, inner: 5, count: 2).bytes == 8 * (10 + 15 + 6))
    let row = try #require(BenchRow.named("infer/wide/b64/s0.95").first)
    // Three layers of 1024 by 1024, a twentieth of which is left.
    #expect(abs(row.bytes / (3 * 0.05 * 1_048_576 * (8 + 256)) - 1) < 1e-9)
  }

  @Test("sgemm's rate counts every product as often as it is taken")
  func rate() {
    let shape = ProductShape(rows: 64, columns: 32, inner: 16)
    let often = ProductShape(rows: 64, columns: 32, inner: 16, transposesLeft: true, count: 3)
    #expect(shape.operations == 65_536 && often.operations == 3 * 65_536)
    let rate = SgemmRate(pool: WorkerPool(threadCount: 1)).operationsPerSecond([shape, often])
    #expect(rate > 0 && rate.isFinite)
  }
}
