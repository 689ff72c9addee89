import Engine
import Runs
import Storage

/// What ranks would share of a plan, in words.
package enum RankText {
  /// A table of what ranks may share, whether that pays, and what this is based on. Stages that differ in the number
  /// of their round alone stand in one row where ranks share the same of them.
  ///
  /// - Parameters:
  ///   - searches: names of searches, of whose trials nobody knows yet how many there will be.
  ///   - width: cells that a line may have; nil for as many as it takes.
  package static func lines(
    of forecasts: [RankForecast], searches: [String] = [], for ranks: ExpectedRanks,
    width: Int? = nil
  ) -> [String] {
    var table = TextTable([
      ("stage", .left), ("ranks share", .left), ("bytes a rank", .right), ("a", .left),
      ("speedup", .right),
    ])
    for group in RankForecastGroup.all(of: forecasts) {
      let isShared = group.sharing != .alone
      table.add([
        group.text, words(group.forecasts[0]),
        isShared ? range(group.forecasts.map(\.bytes), Figures.grouped) : "",
        isShared ? group.unit.rawValue : "",
        range(group.forecasts.map(\.speedup)) { Figures.fixed($0, 2) },
      ])
    }
    let rates = ranks.rates
    let basis =
      "assumed: \(Figures.count(ranks.threads, "thread")) a rank, "
      + "\(Figures.grouped(Int(rates.operationsPerThread / 1e9))) billion operations a second and thread, "
      + "\(Figures.grouped(Int(rates.bytes * 8 / 1e9))) Gbit/s, "
      + "\(Figures.grouped(Int(rates.latency * 1e6))) µs a message; bytes are counted"
    let expected =
      searches.isEmpty
      ? []
      : [
        "trials of \(searches.joined(separator: ", ")): as many as are expected; the search finds out"
      ]
    let notes = [verdict(RankVerdict(forecasts), ranks: ranks.count)] + expected + [basis]
    return (forecasts.isEmpty ? [] : table.lines(width: width) + [""])
      + notes.flatMap { text in
        width.map { WrappedText.lines(text, width: $0, indent: 2) } ?? [text]
      }
  }

  /// Whether ranks pay.
  private static func verdict(_ verdict: RankVerdict, ranks: Int) -> String {
    let speedup = verdict.speedup
    let count = Figures.count(ranks, "rank")
    if verdict.pays {
      return "verdict: \(count) pay: \(Figures.fixed(speedup, 2)) times as fast as one, "
        + "\(Figures.percent(speedup / Double(ranks), 0)) of what so many machines can do"
    }
    let outcome =
      if !verdict.shares {
        "share nothing"
      } else if speedup < 1 {
        "take \(Figures.fixed(1 / speedup, 2)) times as long"
      } else {
        "are \(Figures.fixed(speedup, 2)) times as fast"
      }
    return "verdict: one machine is enough: \(count) \(outcome)"
  }

  /// Between what `values` lie.
  private static func range<Value: Comparable>(
    _ values: [Value], _ text: (Value) -> String
  ) -> String {
    guard let least = values.min(), let most = values.max() else { return "" }
    return Figures.range(least, most, text)
  }

  private static func words(_ forecast: RankForecast) -> String {
    switch (forecast.obstacle, forecast.unit, forecast.sharing) {
    case (.costs, _, _): "nothing: sharing takes longer"
    case (.demand, _, _): "nothing: ECPIPE_SHARING=alone"
    case (.inputsInFile, _, _): "nothing: inputs stay in their file"
    case (.messageSize, _, _): "nothing: too much for a message"
    case (.memory, _, _): "nothing: more than 256 MiB for each rank"
    case (.passLength, _, _): "nothing: too long without a place to stop"
    case (nil, .step, .rows): "rows of weights"
    case (nil, .step, _): "samples and rows of weights"
    case (nil, .stage, _): "samples and sums"
    }
  }
}

extension RankForecast {
  /// As `plan --json` has it.
  var json: JSONValue {
    [
      "name": .string(name), "share": .string(sharing.word),
      "obstacle": JSONValue(obstacle?.rawValue), "bytes": JSONValue(bytes),
      "bytes_summing_gradients": JSONValue(bytesSummingGradients),
      "per": .string(unit.rawValue), "speedup": JSONValue(speedup),
    ]
  }
}

extension RankVerdict {
  /// As `plan --json` has it.
  var json: JSONValue { ["pays": .bool(pays), "speedup": JSONValue(speedup)] }
}
