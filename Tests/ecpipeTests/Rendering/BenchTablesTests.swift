import Benchmarking
import Engine
import Testing
import ecpipe

@Suite("Tables of the benchmark")
struct BenchTablesTests {
  @Test("a row stands on one line, and on two where one is too long")
  func row() {
    let entry = BenchReport.Entry(
      name: "ec/lenet/n8000", milliseconds: 123.45678, peakShare: 0.5, coreShare: 0.25,
      bytesPerCycle: 12.34, loadShare: 0.031)
    #expect(
      BenchTables.lines(entry, nameWidth: 16)
        == [
          "ec/lenet/n8000      123.4568 ms  50.0 % of sgemm's rate, 25.0 % of the peak, "
            + "12.3 bytes a cycle, 3.1 % of the rate of loads alone, limit 30.8642 ms by arithmetic"
        ])
    #expect(
      BenchTables.lines(entry, nameWidth: 16, width: 40)
        == [
          "ec/lenet/n8000", "  123.4568 ms 50.0 % of sgemm's rate,",
          "  25.0 % of the peak, 12.3 bytes a", "  cycle, 3.1 % of the rate of loads",
          "  alone, limit 30.8642 ms by arithmetic",
        ])
  }

  @Test("a row whose loads take longer than its arithmetic is bound by them")
  func loads() {
    let entry = BenchReport.Entry(
      name: "infer/wide/b64/s0.95", milliseconds: 2, peakShare: 0.5, coreShare: 0.25,
      bytesPerCycle: 12.34, loadShare: 0.713)
    #expect(
      BenchTables.lines(entry, nameWidth: 20)[0]
        .hasSuffix("71.3 % of the rate of loads alone, limit 1.4260 ms by loads"))
  }

  @Test("products are a line each, with both rates, and the least ratio")
  func products() {
    let measurement = ProductMeasurement(entries: [
      .init(name: "2x16x3", operations: 2e6, milliseconds: 2, sgemmMilliseconds: 1.5),
      .init(name: "4x16x3", operations: 4e6, milliseconds: 2, sgemmMilliseconds: 3),
    ])
    let lines = BenchTables.lines(measurement)
    let row = lines.first { $0.hasPrefix("4x16x3") }
    #expect(row?.split(separator: " ") == ["4x16x3", "2.0000", "2.0", "3.0000", "1.50"])
    #expect(lines.last == "at least 0.75 of sgemm's rate")
  }

  @Test("a calibration is lines of the committed table and the density")
  func calibration() {
    let row = KernelCalibration.Row(
      shape: KernelCalibration.shapes[0], ratios: [0.1, 0.2, 0.4, 0.6, 0.8, 1.2, 1.4])
    let lines = BenchTables.lines(KernelCalibration(set: .avx2, rows: [row, row]))
    #expect(
      lines.suffix(6) == [
        "| instruction set | width, batch | 0.05 | 0.1 | 0.2 | 0.3 | 0.4 | 0.5 | 0.6 |",
        "|---|---|---|---|---|---|---|---|---|",
        "| AVX2 | 64, 64 | 0.10 | 0.20 | 0.40 | 0.60 | 0.80 | 1.20 | 1.40 |",
        "| | 64, 64 | 0.10 | 0.20 | 0.40 | 0.60 | 0.80 | 1.20 | 1.40 |", "",
        "KernelTable(density: 0.45)",
      ])
  }

  @Test("growth is two tables whose bars double with the time, and the crossover")
  func growth() {
    let growth = GrowthMeasurement(
      threads: 2, byWidth: [.init(width: 256, sparsity: 0.95, dense: 8, compressed: 1)],
      bySparsity: [
        .init(width: 1024, sparsity: 0, dense: 2, compressed: nil),
        .init(width: 1024, sparsity: 0.5, dense: 2, compressed: 3),
        .init(width: 1024, sparsity: 0.75, dense: 2, compressed: 1),
      ])
    let lines = BenchTables.lines(growth)
    #expect(lines[0].hasSuffix("batch 128, 2 threads"))
    #expect(lines[4] == "256  8.000       1.000              8.00  ■□□□")
    #expect(lines[8] == "0.00  2.000           –                 –  ■■")
    #expect(lines[10] == "0.75  2.000       1.000              2.00  ■□")
    #expect(lines.last == "compressed rows win above sparsity 0.62")
    let words = BenchTables.lines(growth, showsBars: false)
    #expect(words[4] == "256  8.000       1.000              8.00")
  }
}
