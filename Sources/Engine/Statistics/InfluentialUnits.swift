import NumericCore

/// The units of a layer that the outputs of its chain may depend on: from which weights that are not 0
/// lead there. The others have h = 0 for every sample, so that nothing has to be summed for them.
struct InfluentialUnits: Sendable {
  /// The units, ascending, as ranges with others between them.
  let runs: [Range<Int>]
  /// How many these are.
  let count: Int

  private init(_ isInfluential: [Bool]) {
    var runs: [Range<Int>] = []
    for unit in isInfluential.indices where isInfluential[unit] {
      if let last = runs.last, last.upperBound == unit {
        runs[runs.count - 1] = last.lowerBound..<unit + 1
      } else {
        runs.append(unit..<unit + 1)
      }
    }
    self.runs = runs
    count = runs.reduce(0) { $0 + $1.count }
  }

  /// Of every layer of a chain.
  static func layers(of chain: [DenseLayer]) -> [InfluentialUnits] {
    var units = [Bool](repeating: true, count: chain.last?.outputs ?? 0)
    var result: [InfluentialUnits] = []
    for layer in chain.reversed() {
      result.append(InfluentialUnits(units))
      var below = [Bool](repeating: false, count: layer.inputs)
      layer.weights.withSpan { weights in
        for output in 0..<layer.outputs where units[output] {
          let start = output * layer.inputs
          for input in 0..<layer.inputs where weights[start + input] != 0 { below[input] = true }
        }
      }
      units = below
    }
    return result.reversed()
  }

  /// Calls `body` with each run of those that are counted by `places`, from 0, and where it begins among
  /// these.
  func forEachRun(in places: Range<Int>, _ body: (_ units: Range<Int>, _ place: Int) -> Void) {
    var start = 0
    for run in runs {
      let shared = places.clamped(to: start..<start + run.count)
      if !shared.isEmpty {
        let first = run.lowerBound + shared.lowerBound - start
        body(first..<first + shared.count, shared.lowerBound)
      }
      start += run.count
    }
  }
}
