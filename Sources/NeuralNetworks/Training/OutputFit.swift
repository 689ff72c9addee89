import Engine
import NumericCore

/// How far a network's outputs are from what they should be, as a function of its surviving weights and its
/// biases: the mean over samples, its gradient, and products with the Gauss-Newton approximation of its
/// second derivative.
///
/// Samples go by in batches of a fixed size. Within one, products are taken in Float32; they are added in
/// Double. All of it is cut by shape alone, so the same bits come out for any number of threads. Where the
/// pool is abandoned, what comes out is worth nothing. Ranks that work with the pool share all of it where that
/// pays.
///
/// A class, because it owns the network in working form and memory for batches.
package final class OutputFit {
  /// What is small where the network fits.
  package let objective: OutputObjective
  package let pool: WorkerPool
  private let chain: TrainingChain
  private let tangent: ChainTangent
  /// Gives the outputs that the network's should be near; nil where nothing reads them.
  private let reference: InferenceChain?
  private let capacity: Int
  /// Ranks that compute the same with this one; nil for none.
  private let collective: (any Collective)?
  /// Tells the others of it; nil on these.
  private let group: RankGroup?
  private var targets: BatchTargets
  private var referenceOutputs: SampleBlock

  /// Most samples of a batch.
  private static let batch = 1024

  /// - Parameters:
  ///   - reference: has the network's inputs and outputs.
  ///   - mostSamples: that will be looked at, at least 1.
  package convenience init(
    _ network: Network, toward reference: Network, objective: OutputObjective, mostSamples: Int,
    pool: WorkerPool
  ) {
    let setup = FitSetup(
      network: network.layers, reference: LiveUnits(of: reference).compact(reference).layers,
      objective: objective, mostSamples: mostSamples, threads: pool.threadCount)
    let shape = PassShape.gradient(
      widths: network.widths, weights: network.remaining, samples: mostSamples, batch: Self.batch)
    let group = pool.ranks.flatMap { $0.shares(shape, threads: pool.threadCount) ? $0 : nil }
    group?.give(.fit(.begin(setup)))
    self.init(setup, among: group?.collective, group, pool: pool)
  }

  /// - Parameters:
  ///   - collective: ranks that call the same functions; nil for none.
  ///   - group: tells the others to do so; nil on these.
  init(
    _ setup: FitSetup, among collective: (any Collective)?, _ group: RankGroup?, pool: WorkerPool
  ) {
    let parameters = ChainParameters(setup.network, trains: true)
    let reference = ChainParameters(setup.reference, trains: false)
    precondition(
      parameters.inputs == reference.inputs && parameters.outputs == reference.outputs)
    (self.collective, self.group) = (collective, group)
    objective = setup.objective
    self.pool = pool
    capacity = min(Self.batch, setup.mostSamples)
    let shares = collective.map { [capacity] in
      ChainShares(parameters, capacity: capacity, among: $0, dividesSamples: true)
    }
    chain = TrainingChain(
      parameters: parameters,
      moments: ChainMoments(parameters, first: [], second: [], shares: shares),
      capacity: capacity, clips: false, shares: shares, pool: pool)
    tangent = ChainTangent(chain)
    self.reference =
      objective.readsReference
      ? InferenceChain(parameters: reference, capacity: capacity, pool: pool) : nil
    targets = BatchTargets(outputs: parameters.outputs, capacity: capacity)
    referenceOutputs = SampleBlock(features: parameters.outputs, capacity: capacity)
  }

  /// All surviving weights and all biases, in the order in which the chain holds them.
  package var parameters: [Double] {
    get { chain.parameters.vector }
    set {
      group?.give(.fit(.parameters(newValue)))
      chain.parameters.set(newValue)
    }
  }

  /// Puts the parameters into `network`, which the fit was made from.
  package func update(_ network: inout Network) { chain.parameters.update(&network) }

  /// Numbers given for every weight and bias of each layer, in the order of `parameters`.
  package func vector(_ values: [(weights: Matrix, biases: [Double])]) -> [Double] {
    chain.parameters.vector(values)
  }

  /// The mean of the objective over `samples`.
  package func value(on samples: SampleSet) -> Double {
    tell(.value, samples)
    var sum = 0.0
    forEachBatch(of: samples, readsTargets: true) { rows, targets in
      sum += chain.propagate(
        samples.inputs, rows: rows, objective: objective, targets: targets, ascends: false)
    }
    return sum / Double(samples.count)
  }

  /// The mean of the objective over `samples`, and its gradient by the parameters.
  package func gradient(on samples: SampleSet) -> (value: Double, gradient: [Double]) {
    tell(.gradient, samples)
    var sum = 0.0
    var sums = [Double](repeating: 0, count: chain.parameters.vectorCount)
    forEachBatch(of: samples, readsTargets: true) { rows, targets in
      sum += chain.propagate(
        samples.inputs, rows: rows, objective: objective, targets: targets)
      chain.addGradients(to: &sums)
    }
    chain.collectGradients(&sums)
    let count = Double(samples.count)
    return (sum / count, sums.map { $0 / count })
  }

  /// E[Jᵀ M J] v over `samples`, with J the derivative of the outputs by the parameters and M the
  /// objective's curvature.
  ///
  /// - Parameter direction: v; 0 for pruned weights.
  package func product(with direction: [Double], on samples: SampleSet) -> [Double] {
    tell(.product(direction), samples)
    tangent.set(direction)
    var sums = [Double](repeating: 0, count: chain.parameters.vectorCount)
    forEachBatch(of: samples, readsTargets: objective.curvatureReadsTargets) { rows, targets in
      chain.propagate(
        samples.inputs, rows: rows, along: tangent, objective: objective, targets: targets)
      chain.addGradients(to: &sums)
    }
    chain.collectGradients(&sums)
    return sums.map { $0 / Double(samples.count) }
  }

  /// Has the others compute the same.
  private func tell(_ quantity: FitOrder.Quantity, _ samples: SampleSet) {
    guard let group else { return }
    let data = group.use(samples)
    group.give(.fit(.compute(quantity, data: data, rows: samples.indices)))
  }

  /// Whether to give up, on all ranks at the same place.
  private var isAbandoned: Bool { collective?.decided(pool.isAbandoned) ?? pool.isAbandoned }

  private func forEachBatch(
    of samples: SampleSet, readsTargets: Bool,
    _ body: (_ rows: ArraySlice<Int32>, _ targets: OutputTargets) -> Void
  ) {
    precondition(samples.count > 0, "a mean needs samples")
    var start = 0
    while start < samples.count, !isAbandoned {
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      if readsTargets {
        if objective.readsLabels {
          targets.gather(samples.targets, rows: rows, for: objective.loss, pool: pool)
        }
        reference?.run(samples.inputs, rows: rows, into: &referenceOutputs)
      }
      body(
        rows,
        OutputTargets(
          reference: reference == nil ? nil : referenceOutputs, labels: targets.labels,
          values: targets.values))
      start += rows.count
    }
  }
}
