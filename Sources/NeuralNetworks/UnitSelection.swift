import Engine
import NumericCore

/// Some units of a network, and the smaller network that they are.
package struct UnitSelection: Sendable, Equatable {
  /// Those of the input, of each hidden layer and of the output, ascending; at least one of each.
  package let units: [[Int]]

  package init(units: [[Int]]) {
    precondition(units.count >= 2 && units.allSatisfy { !$0.isEmpty }, "a unit of every layer")
    self.units = units
  }

  /// `network`, whose units these are, without the others. A mask that keeps all of what is left is gone.
  package func compact(_ network: Network) -> Network {
    Network(
      layers: network.layers.enumerated().map { index, layer in
        let (rows, columns) = (units[index + 1], units[index])
        return DenseLayer(
          name: layer.name, weights: layer.weights.selected(rows: rows, columns: columns),
          bias: rows.map { layer.bias[$0] }, activation: layer.activation, slope: layer.slope,
          unitSlopes: layer.unitSlopes.isEmpty ? [] : rows.map { layer.unitSlopes[$0] },
          mask: layer.mask?.selected(rows: rows, columns: columns))
      })
  }

  /// Puts the parameters of `compact`, of these units alone, into `network`; those of others stay.
  package func restore(_ compact: Network, into network: inout Network) {
    for (index, layer) in compact.layers.enumerated() {
      let (rows, columns) = (units[index + 1], units[index])
      network.layers[index].weights.place(layer.weights, rows: rows, columns: columns)
      for (row, bias) in zip(rows, layer.bias) { network.layers[index].bias[row] = bias }
      network.layers[index].slope = layer.slope
    }
  }

  /// Moments, one a layer or none at all, without those of other units.
  package func compact(_ moments: [LayerMoments]) -> [LayerMoments] {
    moments.enumerated().map { index, layer in
      let (rows, columns) = (units[index + 1], units[index])
      return LayerMoments(
        weights: layer.weights.selected(rows: rows, columns: columns),
        bias: rows.map { layer.bias[$0] }, slope: layer.slope)
    }
  }

  /// The moments of `network`, of which `moments` are those of these units; others are 0.
  package func expand(_ moments: [LayerMoments], for network: Network) -> [LayerMoments] {
    moments.enumerated().map { index, layer in
      let (rows, columns) = (units[index + 1], units[index])
      var result = LayerMoments(zerosFor: network.layers[index])
      result.weights.place(layer.weights, rows: rows, columns: columns)
      for (row, bias) in zip(rows, layer.bias) { result.bias[row] = bias }
      result.slope = layer.slope
      return result
    }
  }
}

extension Matrix {
  /// The elements in `rows` and `columns`.
  fileprivate func selected(rows: [Int], columns: [Int]) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    withSpan { from in
      result.withMutableSpan { to in
        var place = 0
        for row in rows {
          for column in columns {
            to[place] = from[row * self.columns + column]
            place += 1
          }
        }
      }
    }
    return result
  }

  /// Puts the elements of `part` into `rows` and `columns`.
  fileprivate mutating func place(_ part: Matrix, rows: [Int], columns: [Int]) {
    let width = self.columns
    part.withSpan { from in
      withMutableSpan { to in
        var place = 0
        for row in rows {
          for column in columns {
            to[row * width + column] = from[place]
            place += 1
          }
        }
      }
    }
  }
}

extension Mask {
  /// The bits in `rows` and `columns`; nil where they keep all weights.
  fileprivate func selected(rows: [Int], columns: [Int]) -> Mask? {
    var result = Mask(rows: rows.count, columns: columns.count)
    var place = 0
    for row in rows {
      for column in columns {
        if !self[row * self.columns + column] { result.remove(place) }
        place += 1
      }
    }
    return result.keptCount == result.count ? nil : result
  }
}
