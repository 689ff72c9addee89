import Engine
import NumericCore

/// Measures networks on one set of samples, in blocks of a fixed size, so that the result depends on
/// nothing but the samples and the network.
package struct Evaluator: Sendable {
  let samples: SampleSet
  let loss: Loss
  let targetScaling: AffineScaling?
  let pool: WorkerPool

  /// Samples of one block.
  package static let blockSize = 512

  /// - Parameter targetScaling: how targets were scaled. The loss is of scaled targets, as in training;
  ///   rmse and mae are in original units.
  package init(
    samples: SampleSet, loss: Loss, targetScaling: AffineScaling? = nil, pool: WorkerPool
  ) {
    precondition(samples.count > 0, "an evaluation needs samples")
    self.samples = samples
    self.loss = loss
    self.targetScaling = targetScaling
    self.pool = pool
  }

  /// The metrics of `network`.
  package func metrics(of network: Network) -> Metrics { metrics(OutputBlocks(network, self)) }

  /// The metrics of a network in working form.
  ///
  /// - Parameter isShared: whether it is in training on all ranks that work with the pool.
  func metrics(of parameters: ChainParameters, isShared: Bool) -> Metrics {
    metrics(
      isShared ? OutputBlocks(parameters, nil, self) : OutputBlocks(parameters, self, nil))
  }

  private func metrics(_ blocks: OutputBlocks) -> Metrics {
    var targets = BatchTargets(outputs: blocks.outputs, capacity: blocks.capacity)
    var deltas = SampleBlock(features: blocks.outputs, capacity: blocks.capacity)
    var sums = MetricSums(outputs: blocks.outputs)
    blocks.forEach { rows, outputs in
      targets.gather(samples.targets, rows: rows, for: loss, pool: pool)
      if samples.exactTargets != nil {
        sums.addValues(outputs, loss) { output, sample in
          samples.value(of: rows[rows.startIndex + sample], output)
        }
      } else {
        sums.loss += loss.evaluate(outputs, targets, scale: 1, deltas: &deltas)
        switch samples.targets {
        case .labels: sums.addClasses(outputs, labels: targets.labels)
        case .values: sums.addValues(outputs) { Double(targets.values.values[$0, $1]) }
        }
      }
    }
    return sums.metrics(samples: samples.count, targetScaling: targetScaling)
  }
}

/// Sums over blocks from which metrics follow; of scaled targets, which have more digits in float32.
private struct MetricSums {
  var loss = 0.0
  var correct: Int?
  // Samples with values; per output: squared and absolute errors, and mean and sum of squared deviations
  // of the targets (Welford).
  var seen = 0
  var squaredError: [Double]
  var absoluteError: [Double]
  var mean: [Double]
  var deviation: [Double]

  init(outputs: Int) {
    squaredError = Array(repeating: 0, count: outputs)
    absoluteError = squaredError
    mean = squaredError
    deviation = squaredError
  }

  mutating func addClasses(_ outputs: SampleBlock, labels: [Int32]) {
    var hits = 0
    for sample in 0..<outputs.count {
      hits += outputs.predictedClass(of: sample) == labels[sample] ? 1 : 0
    }
    correct = (correct ?? 0) + hits
  }

  /// Adds the losses, too, of targets that float32 does not hold.
  mutating func addValues(_ outputs: SampleBlock, _ loss: Loss, target: (Int, Int) -> Double) {
    for sample in 0..<outputs.count {
      for output in 0..<outputs.features {
        let value = Double(outputs.values[output, sample])
        self.loss += loss.ofValue(value, target(output, sample)) / Double(outputs.features)
      }
    }
    addValues(outputs, target: target)
  }

  /// - Parameter target: of an output and a sample of the block.
  mutating func addValues(_ outputs: SampleBlock, target: (Int, Int) -> Double) {
    for sample in 0..<outputs.count {
      seen += 1
      for output in 0..<outputs.features {
        let target = target(output, sample)
        let error = Double(outputs.values[output, sample]) - target
        squaredError[output] += error * error
        absoluteError[output] += abs(error)
        let step = target - mean[output]
        mean[output] += step / Double(seen)
        deviation[output] += step * (target - mean[output])
      }
    }
  }

  func metrics(samples: Int, targetScaling: AffineScaling?) -> Metrics {
    let count = Double(seen)
    var targets: [Metrics.Target] = []
    for output in squaredError.indices where seen > 0 {
      let unit = abs(1 / (targetScaling?.scale[output] ?? 1))
      let varies = deviation[output] > 0
      targets.append(
        Metrics.Target(
          rmse: (squaredError[output] / count).squareRoot() * unit,
          mae: absoluteError[output] / count * unit,
          r2: varies ? 1 - squaredError[output] / deviation[output] : nil))
    }
    return Metrics(
      loss: loss / Double(samples), accuracy: correct.map { Double($0) / Double(samples) },
      targets: targets)
  }
}

extension SampleBlock {
  /// The class that a column of logits stands for: the largest output, the first of equals; with one
  /// output, 1 when it is above 0.
  package func predictedClass(of sample: Int) -> Int32 {
    if features == 1 { return values[0, sample] > 0 ? 1 : 0 }
    var best = 0
    for output in 1..<features where values[output, sample] > values[best, sample] {
      best = output
    }
    return Int32(best)
  }
}
