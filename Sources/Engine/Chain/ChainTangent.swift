/// A direction in which the weights and biases of a chain move, and the memory that derivatives along it
/// take.
///
/// A class, because it owns memory that products are taken in.
package final class ChainTangent {
  private let memory = ChainMemory()
  private let places: ParameterVector
  /// The layers with the direction in place of weights and biases.
  let moved: [WorkingLayer]
  /// The layers without biases.
  let unbiased: [WorkingLayer]
  /// [widest layer, width] a worker.
  private let space: UnsafeMutablePointer<Float>
  private let share: Int

  /// The direction 0 for `chain`.
  package init(_ chain: TrainingChain) {
    let (memory, layers) = (memory, chain.parameters.layers)
    places = ParameterVector(chain.parameters)
    moved = layers.map {
      $0.with(weights: memory.zeros($0.weightCount), bias: memory.zeros($0.outputs))
    }
    unbiased = layers.map { $0.with(weights: $0.weights, bias: memory.zeros($0.outputs)) }
    share = layers.reduce(0) { max($0, $1.outputs) } * chain.tasks.width
    space = memory.zeros(share * chain.pool.threadCount)
  }

  /// Makes `vector`, as `ParameterVector` has it, the direction.
  ///
  /// - Precondition: it is 0 for pruned weights.
  package func set(_ vector: [Double]) { places.write(vector, to: moved) }

  /// The memory of worker `worker`.
  func space(of worker: Int) -> UnsafeMutablePointer<Float> { space + worker * share }
}
