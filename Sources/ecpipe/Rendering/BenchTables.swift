import Benchmarking

/// What `bench` prints for people.
package enum BenchTables {
  /// One row: name, time, shares of sgemm's rate and of the peak, bytes a cycle, share of what loads alone
  /// would reach, the least time and what bounds it; in more lines where one of `width` cells is too short.
  package static func lines(
    _ entry: BenchReport.Entry, nameWidth: Int, width: Int? = nil
  ) -> [String] {
    let time = Figures.fixed(entry.milliseconds, 4).indented(to: 10)
    let figures =
      "\(time) ms  \(Figures.percent(entry.peakShare)) of sgemm's rate, "
      + "\(Figures.percent(entry.coreShare)) of the peak, "
      + "\(Figures.fixed(entry.bytesPerCycle, 1)) bytes a cycle, "
      + "\(Figures.percent(entry.loadShare)) of the rate of loads alone, "
      + "limit \(Figures.fixed(entry.limitMilliseconds, 4)) ms by \(entry.bound.rawValue)"
    let line = entry.name.padded(to: nameWidth) + "  " + figures
    guard let width, line.displayWidth > width else { return [line] }
    return [entry.name] + WrappedText.lines(figures, width: width - 2).map { "  " + $0 }
  }

  /// Products beside sgemm, and the least ratio.
  package static func lines(_ products: ProductMeasurement, width: Int? = nil) -> [String] {
    var table = TextTable([
      ("", .left), ("ms", .right), ("GFLOP/s", .right), ("sgemm ms", .right), ("ratio", .right),
    ])
    for entry in products.entries {
      table.add([
        entry.name, Figures.fixed(entry.milliseconds, 4),
        Figures.fixed(entry.operations / entry.milliseconds / 1e6, 1),
        Figures.fixed(entry.sgemmMilliseconds, 4), Figures.fixed(entry.ratio, 2),
      ])
    }
    let least = products.entries.map(\.ratio).min()
    return [
      "Dense products of training steps [rows, columns] over the inner size, on one thread, and the BLAS "
        + "library's sgemm:", "",
    ] + table.lines(width: width)
      + (least.map { ["", "at least \(Figures.fixed($0, 2)) of sgemm's rate"] } ?? [])
  }

  /// The calibration as a part of the committed table, and what follows from it.
  package static func lines(_ calibration: KernelCalibration) -> [String] {
    let densities = KernelCalibration.densities.map { "\($0)" }.joined(separator: " | ")
    let rule = String(repeating: "---|", count: KernelCalibration.densities.count + 2)
    let rows = calibration.rows.enumerated().map { index, row in
      let name = index == 0 ? calibration.featureName + " " : ""
      let ratios = row.ratios.map { Figures.fixed($0, 2) }.joined(separator: " | ")
      return "| \(name)| \(row.shape.width), \(row.shape.batch) | \(ratios) |"
    }
    return [
      "Time of a training step with compressed rows over that with dense ones, on one thread:", "",
      "| instruction set | width, batch | \(densities) |", "|\(rule)",
    ] + rows + [
      "", "KernelTable(density: \(calibration.density))",
    ]
  }

  /// Tables by width, by sparsity and, where it was measured, by batch, and where sparse begins to win.
  ///
  /// - Parameters:
  ///   - showsBars: whether bars show times, in proportion to their logarithm.
  ///   - width: cells that a line may have; nil for as many as it takes.
  package static func lines(
    _ growth: GrowthMeasurement, showsBars: Bool = true, width: Int? = nil
  ) -> [String] {
    let title =
      "Milliseconds of an Adam step of a network [width, width, width], "
      + "batch \(GrowthMeasurement.batch), \(Figures.count(growth.threads, "thread"))"
    let widths = table(growth.byWidth, showsBars) { "\($0.width)" }.lines(width: width)
    let sparsities = table(growth.bySparsity, showsBars) { Figures.fixed($0.sparsity, 2) }
      .lines(width: width)
    let end =
      growth.crossover.map { "compressed rows win above sparsity \(Figures.fixed($0, 2))" }
      ?? "compressed rows win at none of these sparsities"
    return [title, "", "by width, at sparsity \(GrowthMeasurement.sparsityOfWidths):"] + widths
      + ["", "by sparsity, at width \(GrowthMeasurement.widthOfSparsities):"] + sparsities
      + ["", end] + lines(growth.byBatch, width: width)
  }

  private static func lines(_ growth: BatchGrowth, width: Int?) -> [String] {
    if growth.points.isEmpty { return [] }
    var table = TextTable([("", .right), ("dense", .right), ("compressed", .right)])
    for point in growth.points {
      table.add(
        ["\(point.batch)", Figures.fixed(point.dense, 2), Figures.fixed(point.compressed, 2)])
    }
    let (dense, compressed) = (
      Figures.percent(growth.largestRise(\.dense)),
      Figures.percent(growth.largestRise(\.compressed))
    )
    return [
      "",
      "microseconds of a sample by batch, at width \(BatchGrowth.width), "
        + "sparsity \(BatchGrowth.sparsity):",
    ] + table.lines(width: width) + [
      "",
      "a sample takes up to \(dense) (dense) and \(compressed) (compressed) longer in a larger batch",
    ]
  }

  private static func table(
    _ points: [GrowthMeasurement.Point], _ showsBars: Bool,
    first: (GrowthMeasurement.Point) -> String
  ) -> TextTable {
    let shortest = points.flatMap { [$0.dense] + ($0.compressed.map { [$0] } ?? []) }.min() ?? 1
    var table = TextTable(
      [
        ("", .right), ("dense", .right), ("compressed", .right), ("dense/compressed", .right),
      ] + (showsBars ? [("compressed (■) and dense (□), each twice as long", .left)] : []))
    for point in points {
      let best = min(point.compressed ?? point.dense, point.dense)
      let (full, rest) = (doublings(best / shortest), doublings(point.dense / best))
      let bar = String(repeating: "■", count: 1 + full) + String(repeating: "□", count: rest)
      table.add(
        [
          first(point), Figures.fixed(point.dense, 3),
          point.compressed.map { Figures.fixed($0, 3) } ?? "–",
          point.compressed.map { Figures.fixed(point.dense / $0, 2) } ?? "–",
        ] + (showsBars ? [bar] : []))
    }
    return table
  }

  /// How often 1 is doubled to reach `ratio`, rounded.
  private static func doublings(_ ratio: Double) -> Int {
    var (count, value) = (0, ratio)
    while value > 2.0.squareRoot(), count < 64 {
      value /= 2
      count += 1
    }
    return count
  }
}
