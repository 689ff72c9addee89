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
          coreShare: 0.43219, bytesPerCycle: 3.1415, loadShare: 0.02126),
        .init(
          name: "ec/lenet/n8000", milliseconds: 100, peakShare: 0.5, coreShare: 0.25,
          bytesPerCycle: 8, loadShare: 0.5),
      ])
    #expect(
      report.json.canonical
        == #"{"format":1,"instructions":"\#(InstructionSet.chosen.rawValue)","ms":{"#
        + #""ec/lenet/n8000":{"bytes_per_cycle":8.0,"core_share":0.25,"limit_by":"loads","#
        + #""limit_ms":50.0,"load_share":0.5,"ms":100.0,"peak_share":0.5},"#
        + #""train/small/b32":{"bytes_per_cycle":3.14,"core_share":0.4322,"limit_by":"arithmetic","#
        + #""limit_ms":0.013499,"load_share":0.0213,"ms":0.031235,"peak_share":0.5235}},"threads":2}"#
    )
  }

  @Test("The longer of arithmetic and loads is the limit")
  func limit() {
    func entry(coreShare: Double, loadShare: Double) -> BenchReport.Entry {
      .init(
        name: "infer/wide/b64/s0.95", milliseconds: 2, peakShare: 0.5, coreShare: coreShare,
        bytesPerCycle: 8, loadShare: loadShare)
    }
    let loaded = entry(coreShare: 0.25, loadShare: 0.75)
    #expect(loaded.bound == .loads && loaded.limitMilliseconds == 1.5)
    let computed = entry(coreShare: 0.5, loadShare: 0.125)
    #expect(computed.bound == .arithmetic && computed.limitMilliseconds == 1)
  }

  @Test(
    "Loads alone take a part of the time that the work takes, whether pruned or dense, a batch or one sample",
    arguments: ["infer/lenet/b64/s0.95", "infer/lenet/b1/s0.95", "train/small/b32"])
  func measurement(name: String) throws {
    let row = try #require(BenchRow.named(name).first)
    let entry = try row.measure(pool: WorkerPool(threadCount: 1), repeats: 1)
    // A loaded machine may show loads that take longer than the work.
    #expect(entry.loadShare > 0.001 && entry.loadShare < 2)
    guard row.family == .train else { return }
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
