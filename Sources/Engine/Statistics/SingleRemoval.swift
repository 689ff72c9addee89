import CKernels
import NumericCore

/// What it costs to really remove each weight of a chain alone: E‖Δy‖² by forward passes.
///
/// The bias makes up for the weight's mean, d = w·E[a_j], so that z_i changes by −w (a_j − E a_j). Only unit
/// i changes in its layer; the next layer's z changes by a matrix of rank one, from where the pass goes on.
/// Under a linear last layer, the last hidden layer needs no pass at all.
///
/// Source: Ballini et al., arXiv 2602.20467, Eq. 3.
package enum SingleRemoval {
  private static let blockSize = 512

  /// The cost of every weight, one matrix [outputs, inputs] a layer; 0 for weights that are 0.
  ///
  /// - Parameters:
  ///   - means: E[a_j] of the inputs of every layer.
  ///   - rows: the samples, at least one, of sample-major `data`.
  package static func costs(
    _ layers: [DenseLayer], means: [[Double]], data: Matrix, rows: [Int32], pool: WorkerPool
  ) -> [Matrix] {
    precondition(!rows.isEmpty && means.count == layers.count)
    precondition(data.columns == layers[0].inputs, "a column for every input")
    let parameters = ChainParameters(layers, masked: false, trains: false)
    var sums = layers.map { [Double](repeating: 0, count: $0.weights.count) }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + blockSize)
      let memory = ChainMemory()
      let block = RemovalBlock(
        parameters.layers, data: data, rows: rows[start..<end], memory: memory)
      for layer in layers.indices {
        block.add(layer, means: means[layer], to: &sums[layer], pool: pool)
      }
      withExtendedLifetime(memory) {}
      start = end
    }
    withExtendedLifetime(parameters) {}
    return zip(layers, sums).map { layer, sums in
      Matrix(
        rows: layer.outputs, columns: layer.inputs, sums.map { Float($0 / Double(rows.count)) })
    }
  }

  /// Multiply-adds that `costs` takes: for every weight and sample, the way from its unit to the outputs.
  ///
  /// - Parameter widths: of the inputs and of every layer's outputs.
  package static func multiplyAdds(widths: [Int], samples: Int) -> Double {
    let layers = widths.count - 1
    var total = 0.0
    for layer in 0..<layers {
      // What one weight takes for one sample.
      var path = 1.0
      if layer < layers - 2 {
        path += Double(widths[layer + 2])
        for upper in (layer + 2)..<layers {
          path += Double(widths[upper]) * Double(widths[upper + 1])
        }
      }
      total += Double(widths[layer]) * Double(widths[layer + 1]) * path
    }
    return total * Double(samples)
  }
}

/// A block of samples with what every layer makes of it: [features, width] each.
private struct RemovalBlock {
  let layers: [WorkingLayer]
  /// The inputs of every layer, and the chain's outputs.
  let values: [UnsafeMutablePointer<Float>]
  /// Pre-activations of every layer.
  let z: [UnsafeMutablePointer<Float>]
  /// Samples and padding, a multiple of 16.
  let width: Int
  /// Samples.
  let live: Int

  init(
    _ layers: [WorkingLayer], data: Matrix, rows: ArraySlice<Int32>, memory: ChainMemory
  ) {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    self.layers = layers
    live = rows.count
    let width = (rows.count + 15) & ~15
    self.width = width
    let input = memory.zeros(data.columns * width)
    data.withElements { data in
      rows.withUnsafeBufferPointer { rows in
        eck_gather(
          data.baseAddress, layers[0].inputs, rows.baseAddress, rows.count, width, width, 0,
          layers[0].inputs, input)
      }
    }
    values = layers.reduce(into: [input]) { values, layer in
      values.append(memory.zeros(layer.outputs * width))
    }
    z = layers.map { memory.zeros($0.outputs * width) }
    for (index, layer) in layers.enumerated() {
      layer.combine(
        values[index], stride: width, width: width, into: z[index], stride: width,
        product: .tiles)
      layer.activate(z[index], width: width, into: values[index + 1], stride: width)
    }
  }

  /// Adds Σ ‖Δy‖² over the block to the sums of layer `index`; a task has one unit's weights.
  func add(_ index: Int, means: [Double], to sums: inout [Double], pool: WorkerPool) {
    let layer = layers[index]
    let widest = layers[index...].reduce(0) { max($0, $1.outputs) }
    let share = (2 * widest + 2) * width
    let memory = ChainMemory()
    let space = memory.zeros(pool.threadCount * share)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      pool.run(tasks: layer.outputs) { unit, worker in
        let trial = RemovalTrial(
          block: self, index: index, unit: unit, widest: widest, space: space + worker * share)
        for input in 0..<layer.inputs {
          let place = unit * layer.inputs + input
          let weight = layer.weights[place]
          if weight == 0 { continue }
          sums[place] += trial.cost(weight: weight, input: input, mean: Float(means[input]))
        }
      }
    }
    withExtendedLifetime(memory) {}
  }
}

/// Removals of one unit's weights, each alone, in one worker's space.
private struct RemovalTrial {
  let block: RemovalBlock
  let index: Int
  let unit: Int
  /// Outputs of the widest layer from `index` on.
  let widest: Int
  let space: UnsafeMutablePointer<Float>

  /// Σ ‖Δy‖² over the samples of the block.
  func cost(weight: Float, input: Int, mean: Float) -> Double {
    let (layer, width, live) = (block.layers[index], block.width, block.live)
    let (shifted, change) = (space, space + width)
    let a = block.values[index] + input * width
    let (z, before) = (
      block.z[index] + unit * width, block.values[index + 1] + unit * width
    )
    for sample in 0..<width { shifted[sample] = z[sample] - weight * (a[sample] - mean) }
    eck_activate_rows(
      layer.activation.code, layer.slope(ofUnit: unit), 1, width, 0, shifted, change)
    for sample in 0..<width { change[sample] -= before[sample] }
    let last = block.layers.count - 1
    if index == last { return eck_sum_squares(live, change) }
    let next = block.layers[index + 1]
    if index + 1 == last, next.activation == .identity {
      var squares = 0.0
      for output in 0..<next.outputs {
        let weight = Double(next.weights[output * next.inputs + unit])
        squares += weight * weight
      }
      return squares * eck_sum_squares(live, change)
    }
    return carryUp(change)
  }

  /// Σ ‖Δy‖² after unit `unit` has changed by `change`.
  private func carryUp(_ change: UnsafePointer<Float>) -> Double {
    let width = block.width
    var current = space + 2 * width
    var other = current + widest * width
    let next = block.layers[index + 1]
    for output in 0..<next.outputs {
      let weight = next.weights[output * next.inputs + unit]
      let (row, own) = (current + output * width, block.z[index + 1] + output * width)
      for sample in 0..<width { row[sample] = own[sample] + weight * change[sample] }
    }
    next.activate(current, width: width, into: current, stride: width)
    for upper in block.layers[(index + 2)...] {
      upper.forward(
        current, stride: width, width: width, z: other, a: other, stride: width, product: .blas)
      swap(&current, &other)
    }
    return distance(current)
  }

  private func distance(_ y: UnsafeMutablePointer<Float>) -> Double {
    let (width, outputs) = (block.width, block.values[block.layers.count])
    var sum = 0.0
    for output in 0..<block.layers[block.layers.count - 1].outputs {
      let (row, own) = (y + output * width, outputs + output * width)
      for sample in 0..<block.live { row[sample] -= own[sample] }
      sum += eck_sum_squares(block.live, row)
    }
    return sum
  }
}
