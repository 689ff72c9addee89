import Engine
import NumericCore

/// The units of a network that have a weight on either side. The others give the layer above nothing
/// and take no part in its training, so chains of layers are prepared without them: with the smaller
/// matrices of a network that never had them.
///
/// That pays where whole units were removed, which leaves nearly all weights between live units. Where
/// single weights were, such units are few and compressed rows take no time for them: there all units
/// count as live, and the chain is that of the network as it is.
///
/// A pure function of the masks, and so fixed for a whole stage. Every layer has at least one unit.
package struct LiveUnits {
  /// Those of the input, of each hidden layer and of the output, ascending.
  private let units: [[Int]]
  /// Whether there are no others.
  package let isEverything: Bool

  /// The share of the weights between live units from which on others are left out.
  package static let leastDensity = 0.9

  package init(of network: Network) {
    var units = [Array(0..<network.inputs)]
    for (lower, upper) in zip(network.layers, network.layers.dropFirst()) {
      units.append(Self.live(lower, upper))
    }
    units.append(Array(0..<network.outputs))
    let between = zip(units, units.dropFirst()).reduce(0) { $0 + $1.0.count * $1.1.count }
    isEverything =
      zip(network.layers, units.dropFirst()).allSatisfy { $0.outputs == $1.count }
      || Double(network.remaining) < Self.leastDensity * Double(between)
    self.units = units
  }

  private static func live(_ lower: DenseLayer, _ upper: DenseLayer) -> [Int] {
    guard let rows = lower.mask, let columns = upper.mask else { return Array(0..<lower.outputs) }
    var isLive = [Bool](repeating: false, count: lower.outputs)
    for index in rows.keptIndices { isLive[index / lower.inputs] = true }
    for index in columns.keptIndices { isLive[index % upper.inputs] = true }
    let live = isLive.indices.filter { isLive[$0] }
    return live.isEmpty ? [0] : live
  }

  /// `network`, whose units these are, without the others.
  package func compact(_ network: Network) -> Network {
    if isEverything { return network }
    return Network(
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
    if isEverything {
      network = compact
      return
    }
    for (index, layer) in compact.layers.enumerated() {
      let (rows, columns) = (units[index + 1], units[index])
      network.layers[index].weights.place(layer.weights, rows: rows, columns: columns)
      for (row, bias) in zip(rows, layer.bias) { network.layers[index].bias[row] = bias }
      network.layers[index].slope = layer.slope
    }
  }

  /// Moments, one a layer or none at all, without those of other units.
  package func compact(_ moments: [LayerMoments]) -> [LayerMoments] {
    if isEverything { return moments }
    return moments.enumerated().map { index, layer in
      let (rows, columns) = (units[index + 1], units[index])
      return LayerMoments(
        weights: layer.weights.selected(rows: rows, columns: columns),
        bias: rows.map { layer.bias[$0] }, slope: layer.slope)
    }
  }

  /// The moments of `network`, of which `moments` are those of these units; others are 0.
  package func expand(_ moments: [LayerMoments], for network: Network) -> [LayerMoments] {
    if isEverything { return moments }
    return moments.enumerated().map { index, layer in
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
