import Engine
import Runs

/// Stages that differ in the number of their round alone, and of which ranks share the same.
struct RankForecastGroup {
  /// Their name with `*` in place of that number.
  private let pattern: String
  /// At least one.
  private(set) var forecasts: [RankForecast]

  /// Runs of rounds that are named one by one; what comes behind them is left out.
  private static let mostRuns = 3

  var unit: RankForecast.Unit { forecasts[0].unit }
  var sharing: StepSharing { forecasts[0].sharing }

  /// The name of the one, or that of all, with their rounds and how many they are: "alternate/01–06/prune (6)". Groups
  /// of the same stages differ in their rounds.
  var text: String {
    guard forecasts.count > 1 else { return forecasts[0].name }
    let rounds = forecasts.compactMap { Self.parts($0.name).first { Int($0) != nil } }
    let name = Self.parts(pattern).map { $0 == "*" ? Self.listed(rounds) : String($0) }
    return "\(name.joined(separator: "/")) (\(forecasts.count))"
  }

  /// In the order of the first of each.
  static func all(of forecasts: [RankForecast]) -> [Self] {
    forecasts.reduce(into: []) { groups, forecast in
      let pattern = parts(forecast.name).map { Int($0) == nil ? String($0) : "*" }
        .joined(separator: "/")
      let index = groups.firstIndex {
        $0.pattern == pattern && $0.unit == forecast.unit && $0.sharing == forecast.sharing
          && $0.forecasts[0].obstacle == forecast.obstacle
      }
      if let index {
        groups[index].forecasts.append(forecast)
      } else {
        groups.append(Self(pattern: pattern, forecasts: [forecast]))
      }
    }
  }

  private static func parts(_ name: String) -> [Substring] {
    name.split(separator: "/", omittingEmptySubsequences: false)
  }

  /// Numbers in the order of counting, those that follow on one another as the first and the last of them:
  /// "01–03,05".
  private static func listed(_ numbers: [Substring]) -> String {
    var runs: [(first: Substring, last: Substring)] = []
    for number in numbers {
      if let run = runs.last, let last = Int(run.last), last + 1 == Int(number) {
        runs[runs.count - 1].last = number
      } else {
        runs.append((number, number))
      }
    }
    let texts = runs.prefix(mostRuns).map { Figures.range($0.first, $0.last) { String($0) } }
    return texts.joined(separator: ",") + (runs.count > mostRuns ? "…" : "")
  }
}
