import NumericCore

/// Where the weights and biases of a chain lie in one vector: layer after layer, weights in the form in
/// which the chain holds them (of compressed rows survivors only), then biases. Slopes are not in it.
struct ParameterVector: Sendable, Equatable {
  /// Where the weights of each layer begin.
  let weights: [Int]
  /// Where the biases of each layer begin.
  let biases: [Int]
  /// Numbers of the whole vector.
  package let count: Int

  init(_ parameters: ChainParameters) {
    var (weights, biases, end) = ([Int](), [Int](), 0)
    for layer in parameters.layers {
      weights.append(end)
      biases.append(end + layer.weightCount)
      end += layer.weightCount + layer.outputs
    }
    self.weights = weights
    self.biases = biases
    count = end
  }
}

extension ChainParameters {
  /// How many numbers their vector has.
  package var vectorCount: Int { ParameterVector(self).count }

  /// All weights and biases as they stand, as `ParameterVector` has them.
  package var vector: [Double] {
    var vector: [Double] = []
    vector.reserveCapacity(vectorCount)
    for layer in layers {
      for index in 0..<layer.weightCount { vector.append(Double(layer.weights[index])) }
      for index in 0..<layer.outputs { vector.append(Double(layer.bias[index])) }
    }
    return vector
  }

  /// Sets all weights and biases to the nearest of `vector`.
  ///
  /// - Precondition: it is 0 for pruned weights, which are there where a layer is not compressed.
  package func set(_ vector: [Double]) {
    ParameterVector(self).write(vector, to: layers)
  }

  /// The vector of numbers given for every weight and bias of each layer: matrices [outputs, inputs], and
  /// [outputs].
  package func vector(_ values: [(weights: Matrix, biases: [Double])]) -> [Double] {
    precondition(values.count == count, "numbers for every layer")
    var vector: [Double] = []
    vector.reserveCapacity(vectorCount)
    for (index, value) in values.enumerated() {
      let layer = layers[index]
      let space = [Float](unsafeUninitializedCapacity: layer.weightCount) { space, size in
        if let start = space.baseAddress {
          fill(start, from: value.weights, layer: index, rows: 0..<layer.outputs)
        }
        size = layer.weightCount
      }
      for weight in space { vector.append(Double(weight)) }
      vector.append(contentsOf: value.biases)
    }
    return vector
  }

  /// What `vector` has for the weights of each layer, [outputs, inputs]; 0 where a weight is pruned.
  package func matrices(of vector: [Double]) -> [Matrix] {
    let places = ParameterVector(self)
    precondition(vector.count == places.count, "a number for every parameter")
    return layers.indices.map { index in
      let first = places.weights[index]
      let values = vector[first..<(first + layers[index].weightCount)].map { Float($0) }
      return values.withUnsafeBufferPointer { values in
        guard let start = values.baseAddress else {
          return Matrix(rows: layers[index].outputs, columns: layers[index].inputs)
        }
        return matrix(start, layer: index)
      }
    }
  }
}

extension ParameterVector {
  /// Writes `vector` to the weights and biases of `layers`, which are of this form.
  func write(_ vector: [Double], to layers: [WorkingLayer]) {
    precondition(vector.count == count, "a number for every parameter")
    vector.withUnsafeBufferPointer { vector in
      for (index, layer) in layers.enumerated() {
        for place in 0..<layer.weightCount {
          layer.weights[place] = Float(vector[weights[index] + place])
        }
        for row in 0..<layer.outputs { layer.bias[row] = Float(vector[biases[index] + row]) }
      }
    }
  }
}
