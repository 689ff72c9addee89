/// E Σ_km g_k M_km g_mᵀ in Double, [units, units], for each map but the last: g_k the gradient of output k by what
/// the map gives, by central differences.
package func referenceHiddenSquares(
  _ maps: [ReferenceMap], samples: [[Float]], metric: ReferenceMetric
) -> [[Double]] {
  maps.indices.dropLast().map { index in
    let units = maps[index].outputs
    var sums = [Double](repeating: 0, count: units * units)
    for sample in samples {
      let a = forward(maps[...index], sample.map { Double($0) })
      let above = maps[(index + 1)...]
      let matrix = metric.matrix(forward(above, a))
      let gradients = a.indices.map { unit in
        let step = 1e-5
        var (more, less) = (a, a)
        more[unit] += step
        less[unit] -= step
        return zip(forward(above, more), forward(above, less)).map { ($0 - $1) / (2 * step) }
      }
      for row in 0..<units {
        for column in 0..<units {
          for k in matrix.indices {
            for m in matrix.indices {
              sums[row * units + column] += gradients[row][k] * matrix[k][m] * gradients[column][m]
            }
          }
        }
      }
    }
    return sums.map { $0 / Double(samples.count) }
  }
}

private func forward(_ maps: ArraySlice<ReferenceMap>, _ input: [Double]) -> [Double] {
  maps.reduce(input) { a, map in
    (0..<map.outputs).map { unit in
      let z = (0..<map.inputs).reduce(map.bias[unit]) {
        $0 + map.weights[unit * map.inputs + $1] * a[$1]
      }
      return map.activation.value(z, slope: map.slope)
    }
  }
}
