import ArgumentParser
import Benchmarking
import NumericCore
import Reports
import Runs
import Storage

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time training, pruning scores and inference on this machine.",
    discussion: """
      Each row is the best of several repeats after a warm-up. Beside it stand the share of the rate \
      that the BLAS library's sgemm reaches on the same shapes in the same sitting, the share of what \
      the cores' registers can do at most, the bytes of operands in a core's cycle, and the share of \
      what a bare loop reaches that only loads them. Of a pruned network only surviving weights count as \
      work. The limit is the time that the operations take at the peak or that the loads take alone, \
      whichever is longer. Figures of different sittings or machines do not \
      compare; Tests/peer-comparison takes ratios to other tools in one sitting.

      --growth shows how the time of a step grows with width and batch and falls with sparsity; --calibrate \
      shows from which density on compressed rows win here, for the committed kernel table; --products \
      times each dense product of training steps beside sgemm.
      """,
    examples: [
      "ecpipe bench --only ec --repeats 3",
      "ecpipe bench --growth --plot growth.svg",
    ])

  @Option(help: ArgumentHelp("Only this row, or all with this in their name.", valueName: "row"))
  var only: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of how many repeats the best counts.", valueName: "n"))
  var repeats: Int?

  @Flag(help: "Time steps by width, by sparsity and by batch instead.")
  var growth = false

  @Option(
    help: ArgumentHelp("Draw what --growth measured into this SVG file.", valueName: "file"),
    completion: .anyFile)
  var plot: String?

  @Flag(help: "Find from which density on compressed rows win, on one thread, instead.")
  var calibrate = false

  @Flag(help: "Time the dense products of training steps beside sgemm, on one thread, instead.")
  var products = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Self.check("--repeats", repeats, 1...1000)
    if let plot { let _: PlotForm = try OutputFile.form(of: plot, option: "--plot") }
    if others.count > 1 {
      throw ValidationError(
        "\(others[0]) and \(others[1]) are two measurements; give one of them")
    }
    if plot != nil, !growth {
      throw ValidationError("--plot draws what --growth measures; give --growth as well")
    }
    if let other = others.first, only != nil || repeats != nil {
      throw ValidationError("--only and --repeats belong to rows; leave them out with \(other)")
    }
    if let other = others.first, other != "--growth", threads.threads != nil {
      throw ValidationError("\(other) measures on one thread; leave out --threads")
    }
  }

  /// The options that measure something else than rows.
  private var others: [String] {
    (growth ? ["--growth"] : []) + (calibrate ? ["--calibrate"] : [])
      + (products ? ["--products"] : [])
  }

  /// The rows that are wanted.
  private func rows() throws(RunFailure) -> [BenchRow] {
    guard let only else { return BenchRow.all }
    let rows = BenchRow.named(only)
    if !rows.isEmpty { return rows }
    let names = BenchRow.all.map(\.name)
    let meant = nearestWord(to: only, among: names).map { "; did you mean \($0)?" } ?? "."
    throw .commandLine(
      "--only \(only): there is no such row\(meant) Allowed: a name or a part of one of "
        + names.joined(separator: ", "))
  }

  func run() throws {
    if calibrate { return try showCalibration() }
    if products { return try showProducts() }
    if growth {
      if let plot { try OutputFile.check(plot, against: [], option: "--plot") }
      return try showGrowth()
    }
    let rows = try rows()
    let pool = try threads.pool
    let width = rows.map(\.name.count).max() ?? 0
    var entries: [BenchReport.Entry] = []
    for row in rows {
      let entry = try row.measure(pool: pool, repeats: repeats)
      entries.append(entry)
      // A line at a time: all rows take a minute.
      if !output.json {
        try BenchTables.lines(entry, nameWidth: width, width: Output.width).forEach(output.line)
      }
    }
    if output.json {
      try output.line(BenchReport(threads: pool.threadCount, entries: entries).json)
    }
  }

  private func showCalibration() throws {
    try ProductBuffers.reserve(threads: 1)
    let calibration = KernelCalibration.measure { shape in
      note("width \(shape.width), batch \(shape.batch)")
    }
    try output.print(calibration.json, or: BenchTables.lines(calibration))
  }

  private func showProducts() throws {
    try ProductBuffers.reserve(threads: 1)
    let products = ProductMeasurement.measure { note($0.name) }
    try output.print(products.json, or: BenchTables.lines(products, width: Output.width))
  }

  private func showGrowth() throws {
    let growth = GrowthMeasurement.measure(pool: try threads.pool) { width, sparsity, batch in
      note("width \(width), sparsity \(sparsity), batch \(batch)")
    }
    if let plot { try NamedFile(plot).write(Array(GrowthPlot(growth).svg.utf8)) }
    try output.print(
      growth.json,
      or: BenchTables.lines(growth, showsBars: !Output.isAccessible, width: Output.width),
      beside: [plot])
  }

  /// Says what is being measured to whoever watches.
  private func note(_ text: String) {
    if Output.isTerminal, !output.quiet, !output.json { Output.error(text) }
  }
}

/// What --plot writes.
private enum PlotForm: String, CaseIterable {
  case svg
}
