import NumericCore

/// What a training step costs and what ranks would send for it, by shapes alone.
package struct StepShape: Sendable, Equatable {
  /// Units of each layer, those of the input first.
  package let widths: [Int]
  /// Weights that are trained.
  package let weights: Int
  /// Samples a step, rounded up to what kernels take at a time.
  package let samples: Int
  /// Bytes of the inputs of a step, of which each rank has some rows; 0 where every rank has all.
  package let inputBytes: Int

  /// - Parameters:
  ///   - weights: of a pruned network, the survivors.
  ///   - batch: samples a step.
  ///   - isSharded: whether each rank has some rows of the inputs alone.
  package init(widths: [Int], weights: Int, batch: Int, isSharded: Bool = false) {
    precondition(widths.count >= 2 && batch >= 1)
    self.widths = widths
    self.weights = weights
    samples = (batch + 15) & ~15
    inputBytes = isSharded ? batch * widths[0] * 4 : 0
  }

  /// Bytes of the largest span of memory that is sent at a time where ranks share so much of a step, at most.
  package func largestSpan(_ sharing: StepSharing) -> Int {
    let rows = 4 * Self.largestLayer(widths: widths, weights: weights)
    return switch sharing {
    case .alone: 0
    case .rows: max(inputBytes, rows)
    case .samplesAndRows: max(inputBytes, rows, sampleBytes)
    }
  }

  /// Whether ranks can share so much of a step.
  package func isSendable(_ sharing: StepSharing) -> Bool {
    largestSpan(sharing) <= SharedSpan.mostBytes
  }

  /// Numbers of the largest layer in the form in which it is trained, at most: all weights, or the survivors.
  ///
  /// - Parameter weights: of all layers, the survivors.
  static func largestLayer(widths: [Int], weights: Int) -> Int {
    let table = KernelTable.committed(for: .chosen)
    return zip(widths, widths.dropFirst()).reduce(0) { most, layer in
      let all = layer.0 * layer.1
      // No layer has more survivors than all layers together.
      let survivors = min(weights, all)
      let isCompressed = table.compresses(rows: layer.1, columns: layer.0, survivors: survivors)
      return max(most, isCompressed ? survivors : all)
    }
  }

  private var biases: Int { widths.dropFirst().reduce(0, +) }

  /// Bytes of all that changes in a step: what every rank has in the end, of which it makes its own part.
  package var rowBytes: Int { (weights + biases) * 4 }

  /// Bytes of activations and deltas that gradients read, of all samples.
  package var sampleBytes: Int {
    let activations = widths.dropFirst().dropLast().reduce(0, +)
    return (activations + biases) * samples * 4
  }

  /// Bytes that all ranks together receive in a step; where one takes it alone, that one.
  package func received(_ sharing: StepSharing, ranks: Int) -> Int {
    switch sharing {
    // Rank 0 is given what it has not.
    case .alone: inputBytes * (ranks - 1) / ranks
    case .rows: (ranks - 1) * (inputBytes + rowBytes)
    case .samplesAndRows: (ranks - 1) * (inputBytes + rowBytes + sampleBytes)
    }
  }

  /// Bytes that all ranks together would receive if gradients were summed across them instead, in rings.
  package func receivedSummingGradients(ranks: Int) -> Int { 2 * (ranks - 1) * rowBytes }
}

/// What a rank and the network between ranks achieve: assumptions, by which it is decided what ranks divide.
package struct RankRates: Sendable, Equatable {
  /// Floating-point operations a second that a thread does in a step.
  package var operationsPerThread = 5e10
  /// Bytes a second that a rank receives: 10 Gbit/s.
  package var bytes = 1.25e9
  /// Seconds that it takes until every rank has begun to receive.
  package var latency = 5e-5

  package init() {}

  /// Operations' worth of one weight's optimizer step.
  private static let updateCost = 24.0

  /// Seconds of a step.
  ///
  /// - Parameters:
  ///   - ranks: at least 1.
  ///   - threads: of each rank.
  package func seconds(
    of step: StepShape, _ sharing: StepSharing, ranks: Int, threads: Int
  ) -> Double {
    let rate = operationsPerThread * Double(threads)
    let (weights, samples) = (Double(step.weights), Double(step.samples))
    let downAndUp = 4 * weights * samples / rate
    let rows = weights * (2 * samples + Self.updateCost) / rate
    let (all, received) = (
      Double(ranks), Double(step.received(sharing, ranks: ranks)) / bytes
    )
    let inputs = step.inputBytes == 0 ? 0 : latency
    switch sharing {
    // Inputs are given to it for many steps at once.
    case .alone: return downAndUp + rows + received
    // The order to take a step, the inputs, and the rows.
    case .rows: return downAndUp + rows / all + received / all + inputs + 2 * latency
    case .samplesAndRows:
      return (downAndUp + rows) / all + received / all + inputs + 3 * latency
    }
  }

  /// What takes least time, of what can be sent.
  package func best(of step: StepShape, ranks: Int, threads: Int) -> StepSharing {
    best(of: StepSharing.allCases.filter(step.isSendable), step, ranks: ranks, threads: threads)
  }

  /// What takes least time of `sharings`.
  func best(
    of sharings: [StepSharing], _ step: StepShape, ranks: Int, threads: Int
  ) -> StepSharing {
    if ranks == 1 { return .alone }
    return sharings.min {
      seconds(of: step, $0, ranks: ranks, threads: threads)
        < seconds(of: step, $1, ranks: ranks, threads: threads)
    } ?? .alone
  }
}
