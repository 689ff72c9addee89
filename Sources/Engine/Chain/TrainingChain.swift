import CKernels
import NumericCore

/// Training steps on a chain of layers: a batch goes down and up the chain, then its gradients change
/// the parameters.
///
/// A class, because it owns the working memory of steps, which is changed in place: a step allocates
/// nothing, and results do not depend on the number of threads.
package final class TrainingChain {
  package let parameters: ChainParameters
  let pool: WorkerPool
  let product: DenseProduct
  let tasks: ChainTasks
  let moments: ChainMoments
  /// Which hidden units steps leave out; nil for none.
  let dropout: Dropout?
  private let memory = ChainMemory()
  private let capacity: Int
  private let input: Block
  /// What each layer computes for a batch.
  let results: [LayerResults]
  let lossSums: UnsafeMutablePointer<Double>
  let blocks: Int
  /// Gradient of each prelu slope by block of samples, [layers, blocks].
  let slopeSums: UnsafeMutablePointer<Double>
  let biasGradients: [UnsafeMutablePointer<Float>]
  /// One gradient block a worker, or all gradients where they are needed before any is applied.
  let gradientSpace: UnsafeMutablePointer<Float>
  let gradientShare: Int
  let gradientStarts: [Int]
  let squareSums: UnsafeMutablePointer<Double>
  /// Samples of the last batch, and with padding.
  private(set) var count = 0
  private(set) var padded = 0
  /// The last batch's, by which units are left out.
  private(set) var step = 0
  /// What this process does of a step; nil for all of it.
  let shares: ChainShares?
  /// Values on their way from rank to rank; see `gatherBlocks`.
  let exchange: UnsafeMutablePointer<Float>

  /// Values of all samples of a batch: [features, samples], rows `stride` apart.
  struct Block {
    let start: UnsafeMutablePointer<Float>
    let stride: Int
    /// The same values sample by sample, for dense gradients; nil where no one reads them.
    let samples: UnsafeMutablePointer<Float>?
    let sampleStride: Int
  }

  /// What a layer computes.
  struct LayerResults {
    /// What the layer above is given: the activations, or what dropout leaves of them.
    let a: Block
    /// The activations; the same place where no unit is left out.
    let activated: UnsafeMutablePointer<Float>
    /// The pre-activations where the derivative needs them; else the place of the activations.
    let z: UnsafeMutablePointer<Float>
    /// The loss's gradient by the pre-activations.
    let deltas: UnsafeMutablePointer<Float>
    /// What dropout multiplies the activations by; nil where no unit is left out.
    let factors: UnsafeMutablePointer<Float>?
  }

  /// - Parameters:
  ///   - parameters: prepared for training.
  ///   - moments: the optimizer's memory.
  ///   - capacity: most samples of a batch, at least 1.
  ///   - clips: whether gradients will be scaled to a largest norm.
  ///   - shares: of these parameters and this capacity, where ranks divide the steps: then every rank
  ///     calls the same functions.
  ///   - dropout: which hidden units steps leave out; a rate for each hidden layer.
  package init(
    parameters: ChainParameters, moments: ChainMoments, capacity: Int, clips: Bool,
    shares: ChainShares? = nil, dropout: Dropout? = nil, pool: WorkerPool,
    product: DenseProduct = .tiles
  ) {
    precondition(capacity >= 1, "a batch has at least one sample")
    precondition(dropout.map { $0.rates.count + 1 == parameters.count } ?? true, "a rate a layer")
    self.parameters = parameters
    self.moments = moments
    self.capacity = capacity
    self.pool = pool
    self.product = product
    self.shares = shares
    self.dropout = dropout
    let layers = parameters.layers
    let memory = memory
    tasks = shares?.tasks ?? ChainTasks(layers: layers, samples: capacity)
    let samples = (capacity + 15) & ~15
    func block(_ features: Int, feeds next: Int) -> Block {
      let last = next == layers.count
      let stride = last ? samples : TrainingChain.spreadStride(samples)
      let readsSamples = !last && layers[next].survivors == nil
      let sampleStride = TrainingChain.spreadStride(max(16, (features + 15) & ~15))
      return Block(
        start: memory.zeros(features * stride), stride: stride,
        samples: readsSamples ? memory.zeros(samples * sampleStride) : nil,
        sampleStride: sampleStride)
    }
    input = block(layers[0].inputs, feeds: 0)
    results = layers.enumerated().map { index, layer in
      let a = block(layer.outputs, feeds: index + 1)
      let size = layer.outputs * a.stride
      let drops = index < layers.count - 1 && dropout.map { $0.rates[index] > 0 } ?? false
      let activated = drops ? memory.zeros(size) : a.start
      return LayerResults(
        a: a, activated: activated, z: layer.needsPreactivation ? memory.zeros(size) : activated,
        deltas: memory.zeros(size), factors: drops ? memory.zeros(size) : nil)
    }
    exchange = memory.zeros(
      shares?.dividesSamples == true
        ? Self.exchangeSize(layers, results, capacity: samples) : 0)
    blocks = (samples + tasks.width - 1) / tasks.width
    lossSums = memory.allocate(blocks, filledWith: 0.0)
    slopeSums = memory.allocate(blocks * layers.count, filledWith: 0.0)
    biasGradients = layers.map { memory.zeros($0.outputs) }
    squareSums = memory.allocate(tasks.pieces.count, filledWith: 0.0)
    var starts: [Int] = []
    var end = 0
    for layer in layers {
      starts.append(end)
      end += layer.weightCount
    }
    gradientStarts = clips ? starts : []
    gradientShare = (tasks.largestPiece + 31) & ~15
    gradientSpace = memory.zeros(clips ? end : gradientShare * pool.threadCount)
  }

  /// `size` floats, or a register more, so that rows do not all begin in the same few cache sets.
  private static func spreadStride(_ size: Int) -> Int {
    size > 64 && size / 16 % 2 == 0 ? size + 16 : size
  }

  /// Takes the samples `rows` of `data` [rows, features] down the chain and the loss's gradient up
  /// again; parameters stay as they are.
  ///
  /// - Parameters:
  ///   - labels, values: the targets, as `loss` has them; `values` is [outputs, samples] and has this
  ///     chain's capacity.
  ///   - scale: what the gradient is multiplied by, one over the samples for a mean.
  ///   - step: decides which units are left out.
  ///   - ascends: whether the gradient is wanted.
  /// - Returns: the loss summed over the samples.
  package func propagate(
    _ data: Matrix, rows: ArraySlice<Int32>, loss: Loss, labels: [Int32],
    values: SampleBlock, scale: Float, step: Int = 0, ascends: Bool = true
  ) -> Double {
    let count = rows.count
    check(rows, loss, labels, values)
    self.step = step
    return labels.withUnsafeBufferPointer { labels in
      values.values.withElements { values in
        carry(data, rows, ascends: ascends) { columns, _ in
          let (output, first) = (results[parameters.count - 1], columns.lowerBound)
          return loss.evaluate(
            output.a.start + first, size: parameters.outputs,
            count: min(columns.count, count - first), padded: columns.count,
            stride: output.a.stride, labels: labels.baseAddress.map { $0 + first },
            values: values.baseAddress.map { $0 + first }, scale: scale,
            deltas: output.deltas + first)
        }
      }
    }
  }

  /// Takes the samples `rows` of `data` [rows, features] down the chain, and what `seed` leaves in the
  /// outputs' deltas up again.
  ///
  /// - Parameters:
  ///   - ascends: whether anything goes up; else `seed` need not leave anything.
  ///   - seed: looks at the outputs of the samples `columns`; gives a sum over these.
  /// - Returns: the sum over all samples.
  func carry(
    _ data: Matrix, _ rows: ArraySlice<Int32>, ascends: Bool = true,
    seed: (_ columns: Range<Int>, _ worker: Int) -> Double
  ) -> Double {
    check(data, rows)
    let count = rows.count
    self.count = count
    padded = (count + 15) & ~15
    let used = (padded + tasks.width - 1) / tasks.width
    let (joined, own) = (joinedBlocks, shares?.ownBlocks(of: used) ?? 0..<used)
    data.withElements { data in
      rows.withUnsafeBufferPointer { index in
        pool.run(tasks: (used + joined - 1) / joined) { group, worker in
          let tasks = group * joined..<min(used, (group + 1) * joined)
          let all = columns(of: tasks)
          // Gradients read the inputs of all samples.
          gather(data.baseAddress, index.baseAddress, count: count, all)
          guard own.contains(tasks.lowerBound) else { return }
          let live = min(all.count, count - all.lowerBound)
          descend(all, live: live)
          for task in tasks { lossSums[task] = seed(columns(of: task..<task + 1), worker) }
          if ascends { ascend(all, live: live, task: tasks.lowerBound) }
        }
      }
    }
    // Without a way up nobody reads what others have computed but for their sums.
    let sum = ascends ? gatherBlocks(used) : gatherSums(used)
    for layer in 0..<parameters.count where parameters.layers[layer].activation == .prelu {
      for block in used..<blocks { slopeSums[layer * blocks + block] = 0 }
    }
    return sum
  }

  /// Blocks of samples that go down and up together: with one thread there is nothing to share out, and
  /// weights are read less often. No sample's bits depend on it; sums stay those of single blocks, so with
  /// prelu, whose slopes' gradients are summed on the way up, blocks stay alone. So they do where ranks
  /// share them.
  private var joinedBlocks: Int {
    if pool.threadCount > 1 || shares != nil
      || parameters.layers.contains(where: { $0.activation == .prelu })
    {
      return 1
    }
    return max(1, TrainingChain.mostJoined / tasks.width)
  }

  /// Samples of joined blocks, at most.
  private static let mostJoined = 128

  /// The columns of blocks of the last batch.
  private func columns(of tasks: Range<Int>) -> Range<Int> {
    tasks.lowerBound * self.tasks.width..<min(padded, tasks.upperBound * self.tasks.width)
  }

  /// The gradient of the slope of layer `layer` in the last batch.
  func slopeGradient(of layer: Int) -> Double {
    var sum = 0.0
    for block in 0..<blocks { sum += slopeSums[layer * blocks + block] }
    return sum
  }

  /// The inputs of layer `layer`, as the last batch had them.
  func input(of layer: Int) -> Block { layer == 0 ? input : results[layer - 1].a }

  private func check(_ data: Matrix, _ rows: ArraySlice<Int32>) {
    precondition(!rows.isEmpty && rows.count <= capacity, "1…\(capacity) samples")
    precondition(data.columns == parameters.inputs, "\(parameters.inputs) features a sample")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
  }

  private func check(
    _ rows: ArraySlice<Int32>, _ loss: Loss, _ labels: [Int32], _ values: SampleBlock
  ) {
    if loss.usesClassLabels {
      let classes = Int32(parameters.outputs)
      precondition(labels.count >= rows.count, "a label for every sample")
      precondition(
        labels[..<rows.count].allSatisfy { $0 >= 0 && $0 < classes }, "labels are classes")
    } else {
      precondition(values.features == parameters.outputs && values.count == rows.count)
      precondition(values.stride == results[results.count - 1].a.stride)
    }
  }

  private func gather(
    _ data: UnsafePointer<Float>?, _ index: UnsafePointer<Int32>?, count: Int,
    _ columns: Range<Int>
  ) {
    let first = columns.lowerBound
    eck_gather_both(
      data, parameters.inputs, index.map { $0 + first }, max(0, count - first), columns.count,
      input.stride, 0, parameters.inputs, input.start + first,
      input.samples.map { $0 + first * input.sampleStride }, input.sampleStride)
  }

  private func descend(_ columns: Range<Int>, live: Int) {
    let first = columns.lowerBound
    for layer in 0..<parameters.count {
      let (from, to) = (input(of: layer), results[layer])
      parameters.layers[layer].forward(
        from.start + first, stride: from.stride, width: columns.count, live: live,
        z: to.z + first, a: to.activated + first, stride: to.a.stride, product: product)
      leaveOutUnits(ofLayer: layer, columns)
      if let samples = to.a.samples {
        eck_transpose(
          parameters.layers[layer].outputs, columns.count, to.a.start + first, to.a.stride,
          samples + first * to.a.sampleStride, to.a.sampleStride)
      }
    }
  }

  private func ascend(_ columns: Range<Int>, live: Int, task: Int) {
    let first = columns.lowerBound
    var layer = parameters.count - 1
    let output = results[layer]
    slopeSums[layer * blocks + task] = parameters.layers[layer].deriveOutput(
      output.deltas + first, width: columns.count, z: output.z + first, a: output.a.start + first,
      stride: output.a.stride)
    while layer > 0 {
      let (from, to) = (results[layer], results[layer - 1])
      slopeSums[(layer - 1) * blocks + task] = parameters.layers[layer].backward(
        from.deltas + first, stride: from.a.stride, width: columns.count, live: live,
        below: parameters.layers[layer - 1], z: to.z + first, a: to.activated + first,
        factors: to.factors.map { $0 + first }, into: to.deltas + first, stride: to.a.stride,
        product: product)
      layer -= 1
    }
  }
}
