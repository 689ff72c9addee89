import NumericCore

/// What a pass over samples costs and what ranks would send for it, by shapes alone. A pass is divided as a whole
/// or not at all; what comes out is rank 0's.
package struct PassShape: Sendable, Equatable {
  /// Floating-point operations for all samples.
  package let operations: Double
  /// Bytes that rank 0 sends every other rank at first.
  package let sent: Int
  /// Bytes of values that every rank has in the end, of which it makes its part.
  package let values: Int
  /// Bytes of what comes out, of which a rank makes its part, and rank 0 is given all.
  package let results: Int
  /// Bytes of the largest span of values or results that is sent at a time, at most.
  package let largestSpan: Int
  /// Times that ranks wait for one another.
  package let rounds: Int
  /// Bytes of inputs of which each rank has some rows; 0 where rank 0 has all, and every rank that takes part.
  package private(set) var inputs = 0
  /// Whether ranks do their parts without a place where somebody who asks to stop is heard.
  private var isUnbroken = false

  /// The outputs of a network.
  ///
  /// - Parameters:
  ///   - widths: units of each layer, those of the input first.
  ///   - weights: of a pruned network, the survivors.
  ///   - isKnown: whether all ranks have the network already.
  ///   - isSharded: whether each rank has some rows of the inputs alone.
  package static func outputs(
    widths: [Int], weights: Int, samples: Int, isKnown: Bool, isSharded: Bool = false
  ) -> PassShape {
    let results = (widths.last ?? 0) * samples * 4
    return PassShape(
      operations: 2 * Double(weights) * Double(samples),
      sent: (isKnown ? 0 : networkBytes(widths)) + samples * 4, values: 0,
      results: results, largestSpan: results, rounds: 2,
      inputs: isSharded ? widths[0] * samples * 4 : 0)
  }

  /// The outputs of a network in working form.
  package static func outputs(
    of parameters: ChainParameters, samples: Int, isKnown: Bool, isSharded: Bool = false
  ) -> PassShape {
    let layers = parameters.layers
    return outputs(
      widths: [parameters.inputs] + layers.map(\.outputs),
      weights: layers.reduce(0) { $0 + $1.weightCount }, samples: samples, isKnown: isKnown,
      isSharded: isSharded)
  }

  /// Sums for every weight of h, h·a and h·a², and of products of inputs.
  ///
  /// - Parameters:
  ///   - passes: gradients that are carried up the network; 0 where h is 1.
  ///   - covariances: layers whose inputs' products are summed.
  package static func statistics(
    widths: [Int], weights: Int, samples: Int, passes: Int, covariances: [Int]
  ) -> PassShape {
    let (inputs, units) = (widths.dropLast(), widths.dropFirst())
    let pairs = zip(inputs, units).reduce(0) { $0 + $1.0 * (passes == 0 ? 1 : $1.1) }
    let squares = covariances.reduce(0.0) { $0 + Double(widths[$1]) * Double(widths[$1]) }
    let perSample =
      2 * Double(weights) * Double(1 + passes) + (passes == 0 ? 0 : 4 * Double(pairs)) + squares
    let values =
      4 * (inputs.reduce(0) { $0 + strip($1) } + (passes == 0 ? 0 : units.reduce(0, +)))
    let results = 16 * pairs + Int(4 * squares)
    return PassShape(
      operations: perSample * Double(samples), sent: networkBytes(widths) + samples * 4,
      values: values * padded(samples), results: results,
      largestSpan: max(results, values * chunk(samples)),
      rounds: 3 + 2 * chunks(samples))
  }

  /// Sums of products of a layer's inputs, and of these with what its units are to have.
  ///
  /// - Parameter weights: survivors of the layers below it.
  package static func refit(
    widths: [Int], weights: Int, targetWeights: Int, samples: Int
  ) -> PassShape {
    let (inputs, units) = (widths[widths.count - 2], widths[widths.count - 1])
    let carried = 2 * (Double(weights) + Double(targetWeights))
    let products = Double(inputs) * Double(inputs) + 2 * Double(inputs) * Double(units)
    let values = 4 * (strip(inputs) + strip(units))
    let results = 8 * (inputs * inputs / 2 + inputs * units)
    return PassShape(
      operations: (carried + products) * Double(samples),
      sent: 2 * networkBytes(widths) + samples * 4,
      // Those by which values are centred come first.
      values: values * (padded(samples) + chunk(samples)), results: results,
      largestSpan: max(results, values * chunk(samples)), rounds: 3 + 2 * chunks(samples))
  }

  /// The regressions of a layer's rows (`RidgeRegression`): no samples, but sums over them.
  ///
  /// - Parameters:
  ///   - kept: weights of all rows.
  ///   - operations: in double precision, of which kernels do half as many in a second.
  package static func regression(
    inputs: Int, units: Int, kept: Int, operations: Double
  ) -> PassShape {
    let results = 4 * kept + 16 * units
    var shape = PassShape(
      operations: 2 * operations, sent: 8 * inputs * (inputs + units) + 8 * kept, values: 0,
      results: results, largestSpan: results, rounds: 3)
    shape.isUnbroken = true
    return shape
  }

  /// The gradient of an objective, or a product with its curvature, which ranks compute as steps of a training.
  ///
  /// - Parameters:
  ///   - weights: of a pruned network, the survivors.
  ///   - batch: samples that go by at a time.
  package static func gradient(
    widths: [Int], weights: Int, samples: Int, batch: Int
  ) -> PassShape {
    let step = StepShape(widths: widths, weights: weights, batch: min(batch, samples))
    let parameters = 2 * step.rowBytes
    // Gradients are in double precision.
    let largest = 8 * StepShape.largestLayer(widths: widths, weights: weights)
    return PassShape(
      operations: 6 * Double(weights) * Double(samples), sent: parameters + samples * 4,
      values: StepShape(widths: widths, weights: weights, batch: samples).sampleBytes,
      results: parameters, largestSpan: max(largest, step.largestSpan(.samplesAndRows)),
      rounds: 3 + 2 * ((samples + batch - 1) / batch))
  }

  /// Bytes that all ranks together receive.
  package func received(ranks: Int) -> Int {
    (ranks - 1) * (sent + values + inputs) + results * (ranks - 1) / ranks
  }

  /// Whether ranks may be asked to divide it.
  package var isDivisible: Bool { obstacle == nil }

  /// Why ranks may not be asked to divide it, whatever that would bring; nil where they may.
  package var obstacle: SharingObstacle? {
    if isUnbroken {
      // It is over within seconds, and every rank holds what it is sent twice.
      if operations > 2e11 { return .passLength }
      if sent > 256 << 20 { return .memory }
    }
    return largestSpan <= SharedSpan.mostBytes && sent < Int(Int32.max) ? nil : .messageSize
  }

  /// Weights, a byte of the mask each, and biases.
  private static func networkBytes(_ widths: [Int]) -> Int {
    zip(widths, widths.dropFirst()).reduce(0) { $0 + 5 * $1.0 * $1.1 + 4 * $1.1 }
  }

  private static func padded(_ samples: Int) -> Int { (samples + 15) & ~15 }
  /// Samples of a chunk, with padding.
  private static func chunk(_ samples: Int) -> Int {
    padded(min(samples, StatisticsPass.chunkSize))
  }
  private static func chunks(_ samples: Int) -> Int {
    (samples + StatisticsPass.chunkSize - 1) / StatisticsPass.chunkSize
  }

  /// Inputs with the padding that they have side by side.
  private static func strip(_ inputs: Int) -> Int { (inputs + 15) & ~15 }
}

extension RankRates {
  /// Seconds of a pass.
  ///
  /// - Parameters:
  ///   - ranks: that divide it; 1 for one alone.
  ///   - threads: of each rank.
  package func seconds(of pass: PassShape, ranks: Int, threads: Int) -> Double {
    let work = pass.operations / (operationsPerThread * Double(threads))
    // One alone has to be given nearly all inputs.
    if ranks == 1 { return work + Double(pass.inputs) / bytes }
    let share = Double(ranks - 1) / Double(ranks)
    let received = Double(pass.sent) + share * Double(pass.values + pass.inputs + pass.results)
    return work / Double(ranks) + received / bytes + Double(pass.rounds) * latency
  }

  /// Whether ranks are sooner done with a pass than one of them alone.
  package func pays(_ pass: PassShape, ranks: Int, threads: Int) -> Bool {
    ranks > 1 && pass.isDivisible
      && seconds(of: pass, ranks: ranks, threads: threads)
        < seconds(of: pass, ranks: 1, threads: threads)
  }
}
