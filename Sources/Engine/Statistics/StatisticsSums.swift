import CKernels
import NumericCore

/// Sums over samples, for every weight of a chain, of h, h·ã and h·ã²: a the weight's input, centred
/// by a reference value near its mean (ã), and h the squared sensitivity of the outputs to its unit.
///
/// Centring is what keeps digits where an input's mean is far larger than its deviation; weighted
/// variances do not change by it. 16 bytes a weight; less where h is the same for all units.
package struct StatisticsSums: Sendable {
  let chain: StatisticsChain
  /// Samples summed.
  package internal(set) var samples = 0
  /// The value by which each input of each map is centred.
  var references: [Float]
  /// Σ h, one a unit.
  private(set) var weights: [Double]
  /// (Σ h ã, Σ h ã²), one pair a weight.
  private(set) var pairs: [Double]

  init(_ chain: StatisticsChain) {
    self.chain = chain
    references = Array(repeating: 0, count: chain.referenceCount)
    weights = Array(repeating: 0, count: chain.weightSumCount)
    pairs = Array(repeating: 0, count: chain.pairSumCount)
  }

  /// The sums over the samples `rows` (at least one) of sample-major `data` [rows, inputs].
  ///
  /// References come from up to 128 samples spread evenly over `rows`, so that they are near the mean
  /// in sorted data as well. Working memory: 4 KiB for every unit and every input of every map, a
  /// second copy of the parameters, and a block of 128 samples' values a thread.
  ///
  /// - Parameter probes: estimate the sum over outputs by random combinations; nil for all outputs.
  package static func measure(
    _ maps: [AffineMap], weighting: OutputWeighting, probes: OutputProbes? = nil, data: Matrix,
    rows: [Int32], pool: WorkerPool
  ) -> StatisticsSums {
    measure(
      maps, weighting: weighting, probes: probes, covariancesOf: [], data: data, rows: rows,
      pool: pool
    ).sums
  }

  /// The sums, and from the same pass the covariances of the inputs of the maps `wanted`.
  ///
  /// - Parameter product: which kernels multiply.
  package static func measure(
    _ maps: [AffineMap], weighting: OutputWeighting, probes: OutputProbes?,
    covariancesOf wanted: [Int],
    data: Matrix, rows: [Int32], pool: WorkerPool,
    product: DenseProduct = .preferred(on: .present)
  ) -> (sums: StatisticsSums, covariances: [InputCovariance]) {
    precondition(!rows.isEmpty && data.columns == maps[0].weights.columns)
    let pass = StatisticsPass(
      maps, weighting: weighting, probes: probes, samples: rows.count, pool: pool,
      product: product)
    pass.chooseReferences(data, from: rows)
    var grams = wanted.map { GramSums(map: $0, inputs: maps[$0].weights.columns) }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + StatisticsPass.chunkSize)
      pass.add(data, rows: rows[start..<end])
      pass.addGrams(samples: end - start, to: &grams)
      start = end
    }
    return (pass.sums, grams.map { pass.covariance($0, samples: rows.count) })
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

  /// Whether no sum of map `map` is NaN or infinite.
  package func isFinite(_ map: Int) -> Bool {
    let link = chain.links[map]
    let units = link.isUniform ? 1 : link.outputs
    let finite = pairs.withUnsafeBufferPointer {
      link.inputs == 0
        || eck_all_finite_double(2 * link.inputs * units, $0.baseAddress! + link.pairSum) == 1
    }
    return finite
      && (link.isUniform
        || weights[link.weightSum..<(link.weightSum + units)].allSatisfy(\.isFinite))
  }

  /// For every weight w of map `map`: importance w² · (S2 − S1²/S0) and shift w · S1/S0, where
  /// S0, S1, S2 are the means of h, h·a and h·a² over the samples; both [outputs, inputs]. Both are
  /// 0 for a unit whose S0 is below Float's smallest normal number, where the ratio is noise.
  ///
  /// - Parameter weights: W of the map, as it was measured.
  package func elimination(_ map: Int, weights: Matrix, pool: WorkerPool)
    -> (importance: Matrix, shift: Matrix)
  {
    let link = chain.links[map]
    precondition(weights.rows == link.outputs && weights.columns == link.inputs)
    var importance = Matrix(rows: link.outputs, columns: link.inputs)
    var shift = importance
    let least = Double(Float.leastNormalMagnitude) * Double(samples)
    let tasks = RowTasks(rows: link.outputs, operationsPerRow: 16 * link.inputs)
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
                  let sum = link.isUniform ? Double(samples) : self.weights[link.weightSum + unit]
                  if sum < least { continue }
                  let row = link.isUniform ? 0 : 2 * unit * link.inputs
                  let offset = unit * link.inputs
                  eck_elimination(
                    link.inputs, 1 / Double(samples), 1 / sum,
                    pairs.baseAddress! + link.pairSum + row,
                    references.baseAddress! + link.reference, w + offset, importance + offset,
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
