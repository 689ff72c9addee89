/// Seconds, or bytes, made up of what works take: what is measured at a few shapes stands for all of them.
package indirect enum WorkCost: Sendable {
  case work(TimedWork)
  case repeated(Double, WorkCost)
  /// `share` times what the second takes more than the first: work grows with its samples on a straight line.
  case growth(TimedWork, TimedWork, share: Double)
  /// Between two of them: `share` of the way from the first to the second.
  case between(WorkCost, WorkCost, share: Double)
  case sum([WorkCost])
  /// What is known without measuring.
  case fixed(Double)

  /// All that has to be known.
  package var works: [TimedWork] {
    switch self {
    case .work(let work): [work]
    case .repeated(_, let cost): cost.works
    case .growth(let small, let large, _): [small, large]
    case .between(let first, let second, _): first.works + second.works
    case .sum(let parts): parts.flatMap(\.works)
    case .fixed: []
    }
  }

  /// Of all its works together what `value` says of each; nil where one is not known.
  package func total(_ value: (TimedWork) -> Double?) -> Double? {
    switch self {
    case .work(let work): return value(work)
    case .repeated(let count, let cost): return cost.total(value).map { $0 * count }
    case .growth(let small, let large, let share):
      guard let small = value(small), let large = value(large) else { return nil }
      // Where the larger one took less, noise did.
      return max(0, large - small) * share
    case .between(let first, let second, let share):
      guard let first = first.total(value), let second = second.total(value) else { return nil }
      return first + (second - first) * share
    case .fixed(let amount): return amount
    case .sum(let parts):
      return parts.reduce(0.0) { sum, part in
        sum.flatMap { sum in part.total(value).map { sum + $0 } }
      }
    }
  }
}
