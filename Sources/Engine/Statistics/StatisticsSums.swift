import CKernels
import NumericCore

/// Sums over samples, for every weight of a chain, of h, h·ã and h·ã²: a the weight's input, centred
/// by a reference value near its mean (ã), and h the squared sensitivity of the outputs to its unit.
///
/// Centring is what keeps digits where an input's mean is far larger than its deviation; weighted
/// variances do not change by it. 16 bytes a weight; less where h is the same for all units.
package struct StatisticsSums: Sendable {
  let layout: StatisticsLayout
  /// Samples summed.
  package internal(set) var samples = 0
  /// The value by which each input of each layer is centred.
  var references: [Float]
  /// Σ h, one a unit.
  private(set) var weights: [Double]
  /// (Σ h ã, Σ h ã²), one pair a weight.
  private(set) var pairs: [Double]

  init(_ layout: StatisticsLayout) {
    self.layout = layout
    references = Array(repeating: 0, count: layout.referenceCount)
    weights = Array(repeating: 0, count: layout.weightSumCount)
    pairs = Array(repeating: 0, count: layout.pairSumCount)
  }

  /// The sums over the samples `rows` (at least one) of sample-major `data` [rows, inputs].
  ///
  /// References come from up to 128 samples spread evenly over `rows`, so that they are near the mean
  /// in sorted data as well. Working memory: 4 KiB for every unit and every input of every layer, a
  /// second copy of the parameters, and a block of 128 samples' values a thread.
  ///
  /// - Parameter probes: estimate the sum over outputs by random combinations; nil for all outputs.
  package static func measure(
    _ layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes? = nil, data: Matrix,
    rows: [Int32], pool: WorkerPool
  ) -> StatisticsSums {
    measure(
      layers, weighting: weighting, probes: probes, covariancesOf: [], data: data, rows: rows,
      pool: pool
    ).sums
  }

  /// The sums, and from the same pass the covariances of the inputs of the layers `wanted`.
  ///
  /// - Parameters:
  ///   - ranks: divide the pass, so that each of them calls this with the same; only the first is given what
  ///     comes out. Nil for this process alone.
  ///   - product: which kernels multiply.
  package static func measure(
    _ layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes?,
    covariancesOf wanted: [Int],
    data: Matrix, rows: [Int32], pool: WorkerPool, among ranks: (any Collective)? = nil,
    product: DenseProduct = .tiles
  ) -> (sums: StatisticsSums, covariances: [InputCovariance]) {
    precondition(!rows.isEmpty && data.columns == layers[0].inputs)
    let pass = StatisticsPass(
      layers, weighting: weighting, probes: probes, samples: rows.count,
      shares: ranks.map(PassShares.init), pool: pool, product: product)
    pass.chooseReferences(data, from: rows)
    var grams = wanted.map { GramSums(inputs: layers[$0].inputs) }
    var start = 0
    // Where the work is given up, on all ranks at the same place.
    while start < rows.count, ranks?.decided(pool.isAbandoned) != true {
      let end = min(rows.count, start + StatisticsPass.chunkSize)
      pass.add(data, rows: rows[start..<end])
      pass.addGrams(samples: end - start, ofLayers: wanted, to: &grams)
      start = end
    }
    if start == rows.count {
      pass.collectSums()
      pass.collectGrams(ofLayers: wanted, &grams)
    }
    return (
      pass.sums, zip(grams, wanted).map { pass.covariance($0, ofLayer: $1, samples: rows.count) }
    )
  }

  /// Lends out both kinds of sums at once.
  mutating func withAccumulators(
    _ body: (
      _ pairs: UnsafeMutableBufferPointer<Double>, _ weights: UnsafeMutableBufferPointer<Double>
    ) -> Void
  ) {
    pairs.withUnsafeMutableBufferPointer { pairs in
      weights.withUnsafeMutableBufferPointer { body(pairs, $0) }
    }
  }

  /// Whether no sum of layer `layer` is NaN or infinite.
  package func isFinite(_ layer: Int) -> Bool {
    let places = layout.layers[layer]
    let units = places.isUniform ? 1 : places.outputs
    let finite = pairs.withUnsafeBufferPointer {
      places.inputs == 0
        || eck_all_finite_double(2 * places.inputs * units, $0.baseAddress! + places.pairSum) == 1
    }
    return finite
      && (places.isUniform
        || weights[places.weightSum..<(places.weightSum + units)].allSatisfy(\.isFinite))
  }

  /// For every weight w of layer `layer`: importance w² · (S2 − S1²/S0) and shift w · S1/S0, where
  /// S0, S1, S2 are the means of h, h·a and h·a² over the samples; both [outputs, inputs]. Both are
  /// 0 for a unit whose S0 is below Float's smallest normal number, where the ratio is noise.
  ///
  /// - Parameter weights: W of the layer, as it was measured.
  package func elimination(_ layer: Int, weights: Matrix, pool: WorkerPool)
    -> (importance: Matrix, shift: Matrix)
  {
    let places = layout.layers[layer]
    precondition(weights.rows == places.outputs && weights.columns == places.inputs)
    var importance = Matrix(rows: places.outputs, columns: places.inputs)
    var shift = importance
    let least = Double(Float.leastNormalMagnitude) * Double(samples)
    let tasks = RowTasks(rows: places.outputs, operationsPerRow: 16 * places.inputs)
    importance.withMutableElements { importance in
      shift.withMutableElements { shift in
        weights.withElements { w in
          pairs.withUnsafeBufferPointer { pairs in
            references.withUnsafeBufferPointer { references in
              guard let importance = importance.baseAddress, let shift = shift.baseAddress,
                let w = w.baseAddress
              else { return }
              pool.run(tasks: tasks.count) { task, _ in
                for unit in tasks.range(of: task) {
                  let sum =
                    places.isUniform ? Double(samples) : self.weights[places.weightSum + unit]
                  if sum < least { continue }
                  let row = places.isUniform ? 0 : 2 * unit * places.inputs
                  let offset = unit * places.inputs
                  eck_elimination(
                    places.inputs, 1 / Double(samples), 1 / sum,
                    pairs.baseAddress! + places.pairSum + row,
                    references.baseAddress! + places.reference, w + offset, importance + offset,
                    shift + offset)
                }
              }
            }
          }
        }
      }
    }
    return (importance, shift)
  }
}
