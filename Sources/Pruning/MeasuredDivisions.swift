import Engine
import NeuralNetworks
import NumericCore

/// What divisions of weights among layers cost on some samples, each measured once.
struct MeasuredDivisions {
  private let movement: OutputMovement
  /// The counts that were measured last: what layers below the first other count give is known.
  private var last: [Int]
  /// What was measured, by the counts: passes about neighbouring divisions have many in common.
  private var errors: [[Int]: Double]

  /// - Parameters:
  ///   - whole: one a layer, as they are.
  ///   - counts: the weights that those have.
  init(
    of whole: [ChainParameters], keeping counts: [Int], under weighting: OutputWeighting,
    on samples: SampleSet, pool: WorkerPool
  ) {
    movement = OutputMovement(
      from: whole, under: weighting, data: samples.inputs, rows: samples.indices, pool: pool)
    last = counts
    errors = [counts: 0]
  }

  /// What was measured with these counts; nil where nothing was.
  func known(_ counts: [Int]) -> Double? { errors[counts] }

  /// How far outputs move when each layer keeps so many weights.
  ///
  /// - Parameter layers: one for each of `counts`.
  mutating func error(keeping counts: [Int], _ layers: [ChainParameters]) -> Double {
    let first = counts.indices.first { counts[$0] != last[$0] } ?? counts.count - 1
    let error = movement.distance(to: layers, from: first)
    last = counts
    errors[counts] = error
    return error
  }
}
