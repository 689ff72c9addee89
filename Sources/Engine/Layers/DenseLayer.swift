import CKernels
import NumericCore

/// One fully-connected layer: a = σ(W x + b).
package struct DenseLayer: Sendable, Equatable {
  /// `hidden1`, `hidden2`, …, `output`.
  package let name: String
  /// W, [outputs, inputs]; 0 wherever the mask removes a weight.
  package var weights: Matrix
  /// Which weights are kept; nil while the layer is dense.
  package private(set) var mask: Mask?
  /// b, [outputs].
  package var bias: [Float]
  package let activation: Activation
  /// prelu's learned slope below zero; the fixed one for leaky_relu, unused elsewhere.
  package var slope: Float
  /// prelu's slopes below zero, one a unit; empty where all units have `slope`. They are not trained.
  package let unitSlopes: [Float]

  package init(
    name: String, weights: Matrix, bias: [Float], activation: Activation,
    slope: Float? = nil, unitSlopes: [Float] = [], mask: Mask? = nil
  ) {
    precondition(bias.count == weights.rows, "a bias for every output")
    precondition(unitSlopes.isEmpty || unitSlopes.count == weights.rows, "a slope for every output")
    self.name = name
    self.weights = weights
    self.bias = bias
    self.activation = activation
    self.slope = slope ?? (activation == .prelu ? Activation.initialSlope : Activation.leakySlope)
    self.unitSlopes = unitSlopes
    if let mask { apply(mask) }
  }

  package var inputs: Int { weights.columns }
  package var outputs: Int { weights.rows }

  /// Whether weights, biases and slopes are finite.
  package var isFinite: Bool {
    weights.isFinite && slope.isFinite && bias.allSatisfy(\.isFinite)
      && unitSlopes.allSatisfy(\.isFinite)
  }

  /// The same layer with all its weights for kept, those that were pruned being 0.
  var unmasked: DenseLayer {
    var layer = self
    layer.mask = nil
    return layer
  }

  /// Number of weights that are not pruned.
  package var remaining: Int { mask?.keptCount ?? weights.count }

  /// The mask; of a dense layer one that keeps all weights.
  package var keepingMask: Mask { mask ?? Mask(rows: outputs, columns: inputs) }

  /// Sets the mask and zeroes what it removes.
  package mutating func apply(_ mask: Mask) {
    precondition(mask.rows == outputs && mask.columns == inputs, "a mask of the weights' shape")
    self.mask = mask
    let count = weights.count
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
      mask.words.withUnsafeBufferPointer { words in
        eck_expand_mask(count, words.baseAddress, bytes.baseAddress)
      }
      weights.withMutableElements { elements in
        eck_apply_mask(count, bytes.baseAddress, elements.baseAddress)
      }
    }
  }
}
