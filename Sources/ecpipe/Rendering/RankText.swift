import Engine
import Runs
import Storage

/// What ranks would share of a plan, in words.
enum RankText {
  /// A table of the stages that ranks may share, and what it is based on.
  static func lines(
    of forecasts: [RankForecast], ranks: Int, threads: Int, width: Int? = nil
  ) -> [String] {
    var table = TextTable([
      ("stage", .left), ("ranks share", .left), ("bytes a rank", .right), ("a", .left),
      ("speedup", .right),
    ])
    for forecast in forecasts {
      table.add([
        forecast.name, words(forecast),
        forecast.sharing == .alone ? "" : Figures.grouped(forecast.bytes),
        forecast.sharing == .alone ? "" : forecast.unit.rawValue,
        Figures.fixed(forecast.speedup, 2),
      ])
    }
    let rates = RankRates()
    let basis =
      "\(Figures.count(ranks, "rank")) of \(Figures.count(threads, "thread")); other stages run on one rank while "
      + "the others wait, but for evaluations that pay; bytes are counted, speedups assume \(Figures.grouped(Int(rates.bytes * 8 / 1e9))) Gbit/s, "
      + "\(Figures.grouped(Int(rates.latency * 1e6))) µs until a message arrives, and "
      + "\(Figures.grouped(Int(rates.operationsPerThread / 1e9))) billion operations a second and thread"
    return [""] + table.lines(width: width) + [""]
      + (width.map { WrappedText.lines(basis, width: $0, indent: 2) } ?? [basis])
  }

  private static func words(_ forecast: RankForecast) -> String {
    switch (forecast.unit, forecast.sharing) {
    case (.step, .alone): "nothing: one rank trains"
    case (.step, .rows): "rows of weights"
    case (.step, .samplesAndRows): "samples and rows of weights"
    case (.stage, .alone): "nothing: one rank measures"
    case (.stage, _): "samples and sums"
    }
  }
}

extension RankForecast {
  /// As `plan --json` has it.
  var json: JSONValue {
    [
      "name": .string(name), "share": .string(sharing.word), "bytes": JSONValue(bytes),
      "bytes_summing_gradients": JSONValue(bytesSummingGradients),
      "per": .string(unit.rawValue), "speedup": JSONValue(speedup),
    ]
  }
}
