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

  /// The cost of every weight, one matrix [outputs, inputs] a map; 0 for weights that are 0.
  ///
  /// - Parameters:
  ///   - means: E[a_j] of the inputs of every map.
  ///   - rows: the samples, at least one, of sample-major `data`.
  package static func costs(
    _ maps: [AffineMap], means: [[Double]], data: Matrix, rows: [Int32], pool: WorkerPool
  ) -> [Matrix] {
    precondition(!rows.isEmpty && means.count == maps.count)
    var sums = maps.map { [Double](repeating: 0, count: $0.weights.count) }
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + blockSize)
      let block = RemovalBlock(maps, data: data, rows: rows[start..<end], pool: pool)
      for map in maps.indices { block.add(map, means: means[map], to: &sums[map], pool: pool) }
      start = end
    }
    return zip(maps, sums).map { map, sums in
      Matrix(
        rows: map.weights.rows, columns: map.weights.columns,
        sums.map { Float($0 / Double(rows.count)) })
    }
  }

  /// Multiply-adds that `costs` takes: for every weight and sample, the way from its unit to the outputs.
  ///
  /// - Parameter widths: of the inputs and of every map's outputs.
  package static func multiplyAdds(widths: [Int], samples: Int) -> Double {
    let maps = widths.count - 1
    var total = 0.0
    for map in 0..<maps {
      // What one weight takes for one sample.
      var path = 1.0
      if map < maps - 2 {
        path += Double(widths[map + 2])
        for upper in (map + 2)..<maps { path += Double(widths[upper]) * Double(widths[upper + 1]) }
      }
      total += Double(widths[map]) * Double(widths[map + 1]) * path
    }
    return total * Double(samples)
  }
}

/// A block of samples with what every map makes of it.
private struct RemovalBlock {
  let maps: [AffineMap]
  /// The inputs of every map, and the chain's outputs.
  let values: [SampleBlock]
  /// Pre-activations of every map.
  let z: [SampleBlock]

  init(_ maps: [AffineMap], data: Matrix, rows: ArraySlice<Int32>, pool: WorkerPool) {
    self.maps = maps
    var input = SampleBlock(features: maps[0].weights.columns, capacity: rows.count)
    input.gather(data, rows: rows, pool: pool)
    var values = [input]
    var preactivations: [SampleBlock] = []
    for map in maps {
      var z = SampleBlock(features: map.weights.rows, capacity: rows.count)
      var a = z
      affineForward(
        weights: map.weights, bias: map.bias, activation: map.activation, slope: map.slope,
        input: values[values.count - 1], z: &z, a: &a, pool: pool)
      values.append(a)
      preactivations.append(z)
    }
    self.values = values
    z = preactivations
  }

  /// Adds Σ ‖Δy‖² over the block to the sums of map `index`; a task has one unit's weights.
  func add(_ index: Int, means: [Double], to sums: inout [Double], pool: WorkerPool) {
    let map = maps[index]
    let (units, inputs) = (map.weights.rows, map.weights.columns)
    let widest = maps[index...].reduce(0) { max($0, $1.weights.rows) }
    let padded = z[index].padded
    let share = (2 * widest + 2) * padded
    var scratch = Matrix(rows: pool.threadCount, columns: share)
    scratch.withMutableElements { space in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let space = space.baseAddress, let sums = sums.baseAddress else { return }
        pool.run(tasks: units) { unit, worker in
          let trial = RemovalTrial(
            block: self, index: index, unit: unit, widest: widest,
            space: space + worker * share)
          for input in 0..<inputs {
            let place = unit * inputs + input
            let weight = map.weights.withElements { $0[place] }
            if weight == 0 { continue }
            sums[place] += trial.cost(weight: weight, input: input, mean: Float(means[input]))
          }
        }
      }
    }
  }
}

/// Removals of one unit's weights, each alone, in one worker's space.
private struct RemovalTrial {
  let block: RemovalBlock
  let index: Int
  let unit: Int
  /// Outputs of the widest map from `index` on.
  let widest: Int
  let space: UnsafeMutablePointer<Float>

  /// Σ ‖Δy‖² over the samples of the block.
  func cost(weight: Float, input: Int, mean: Float) -> Double {
    let map = block.maps[index]
    let (z, before) = (block.z[index], block.values[index + 1])
    let (width, live) = (z.padded, z.count)
    let (shifted, change) = (space, space + width)
    block.values[index].values.withElements { inputs in
      z.values.withElements { z in
        let a = inputs.baseAddress! + input * block.values[index].stride
        let own = z.baseAddress! + unit * block.z[index].stride
        for sample in 0..<width { shifted[sample] = own[sample] - weight * (a[sample] - mean) }
      }
    }
    eck_activate_rows(map.activation.code, map.slope, 1, width, 0, shifted, change)
    before.values.withElements { a in
      let own = a.baseAddress! + unit * before.stride
      for sample in 0..<width { change[sample] -= own[sample] }
    }
    let last = block.maps.count - 1
    if index == last { return eck_sum_squares(live, change) }
    let next = block.maps[index + 1]
    if index + 1 == last, next.activation == .identity {
      var squares = 0.0
      next.weights.withElements { w in
        for output in 0..<next.weights.rows {
          let weight = Double(w[output * next.weights.columns + unit])
          squares += weight * weight
        }
      }
      return squares * eck_sum_squares(live, change)
    }
    return carryUp(change, width: width, live: live)
  }

  /// Σ ‖Δy‖² after unit `unit` has changed by `change`.
  private func carryUp(_ change: UnsafePointer<Float>, width: Int, live: Int) -> Double {
    var current = space + 2 * width
    var other = current + widest * width
    let next = block.maps[index + 1]
    let z = block.z[index + 1]
    z.values.withElements { z0 in
      next.weights.withElements { w in
        for output in 0..<next.weights.rows {
          let weight = w[output * next.weights.columns + unit]
          let (row, own) = (current + output * width, z0.baseAddress! + output * z.stride)
          for sample in 0..<width { row[sample] = own[sample] + weight * change[sample] }
        }
      }
    }
    activate(next, current, width)
    for upper in block.maps[(index + 2)...] {
      upper.weights.withElements { w in
        DenseProduct.blas.multiply(
          m: upper.weights.rows, n: width, k: upper.weights.columns, w.baseAddress!,
          rowStep: upper.weights.columns, innerStep: 1, current, stride: width, into: other,
          stride: width)
      }
      for output in 0..<upper.weights.rows {
        let row = other + output * width
        let bias = upper.bias[output]
        for sample in 0..<width { row[sample] += bias }
      }
      activate(upper, other, width)
      swap(&current, &other)
    }
    return distance(current, width: width, live: live)
  }

  /// a = σ(z) in place.
  private func activate(_ map: AffineMap, _ z: UnsafeMutablePointer<Float>, _ width: Int) {
    eck_activate_rows(map.activation.code, map.slope, map.weights.rows, width, width, z, z)
  }

  private func distance(_ y: UnsafeMutablePointer<Float>, width: Int, live: Int) -> Double {
    let outputs = block.values[block.values.count - 1]
    var sum = 0.0
    outputs.values.withElements { old in
      for output in 0..<outputs.features {
        let (row, own) = (y + output * width, old.baseAddress! + output * outputs.stride)
        for sample in 0..<live { row[sample] -= own[sample] }
        sum += eck_sum_squares(live, row)
      }
    }
    return sum
  }
}
