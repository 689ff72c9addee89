import Engine
import NumericCore

/// A network while it is shrunk, and what is known of the units that it began with.
///
/// Units are made superfluous by taking their outgoing weights, and go when the network is compacted.
struct ShrinkingWork {
  private(set) var network: Network
  private(set) var optimizer: OptimizerState?
  /// The units that are left of each hidden layer and the output, as they were numbered at first.
  private var numbers: [[Int]]
  /// Why units are superfluous, by those numbers; one element a layer.
  private var constant: [Set<Int>]
  private var merged: [Set<Int>]

  init(_ state: ModelState) {
    (network, optimizer) = (state.network, state.optimizer)
    numbers = network.layers.map { Array(0..<$0.outputs) }
    constant = network.layers.map { _ in [] }
    merged = constant
  }

  /// Removes weights that are 0.
  mutating func removeZeros() {
    for (index, layer) in network.layers.enumerated() {
      var mask = layer.keepingMask
      layer.weights.withSpan { weights in
        for place in weights.indices where weights[place] == 0 { mask.remove(place) }
      }
      if mask.keptCount < layer.remaining { apply(mask, toLayer: index) }
    }
  }

  /// Moves what units without live inputs give into the biases above. Where a bias would be beyond Float32,
  /// the layer stays as it is.
  mutating func foldConstants(ofLayer index: Int) {
    let (layer, upper) = (network.layers[index], network.layers[index + 1])
    guard let incoming = layer.mask?.keptPerRow else { return }
    let units = incoming.indices.filter { incoming[$0] == 0 }
    if units.isEmpty { return }
    let values = layer.constantOutputs.map(Double.init)
    var mask = upper.keepingMask
    var bias = upper.bias
    upper.weights.withSpan { weights in
      for row in bias.indices {
        var sum = Double(bias[row])
        for unit in units {
          sum += Double(weights[row * upper.inputs + unit]) * values[unit]
          mask.remove(row * upper.inputs + unit)
        }
        bias[row] = Float(sum)
      }
    }
    guard bias.allSatisfy(\.isFinite) else { return }
    constant[index].formUnion(units.map { numbers[index][$0] })
    if mask.keptCount == upper.remaining { return }
    network.layers[index + 1].bias = bias
    apply(mask, toLayer: index + 1)
  }

  /// Gives the outgoing weights of units that are the same to the first of them. Where a sum would be beyond
  /// Float32, they stay as they are.
  mutating func mergeIdentical(inLayer index: Int) {
    for same in identicalUnits(ofLayer: index) {
      let upper = network.layers[index + 1]
      let first = same[0]
      var mask = upper.keepingMask
      var weights = upper.weights
      var moves: [(row: Int, from: Int)] = []
      var isFinite = true
      for row in 0..<upper.outputs {
        let start = row * upper.inputs
        let live = same.filter { mask[start + $0] }
        if live.isEmpty { continue }
        let sum = Float(same.reduce(0.0) { $0 + Double(upper.weights[row, $1]) })
        isFinite = isFinite && sum.isFinite
        weights[row, first] = sum
        mask.insert(start + first)
        for unit in live where unit != first { mask.remove(start + unit) }
        if live[0] != first { moves.append((row, live[0])) }
      }
      guard isFinite else { continue }
      for move in moves {
        optimizer?.moveWeight(ofLayer: index + 1, move.row, from: move.from, to: first)
      }
      network.layers[index + 1].weights = weights
      apply(mask, toLayer: index + 1)
      optimizer?.merge(same, ofLayer: index)
      merged[index].formUnion(same.dropFirst().map { numbers[index][$0] })
    }
  }

  /// Units with live inputs and outputs that give the same, in groups of at least two.
  private func identicalUnits(ofLayer index: Int) -> [[Int]] {
    let layer = network.layers[index]
    let incoming = layer.mask?.keptPerRow
    let outgoing = network.layers[index + 1].mask?.keptPerColumn
    // By what decides the output, so that no order of a dictionary plays a part: groups are found by it only.
    var groups: [[UInt32]: Int] = [:]
    var found: [[Int]] = []
    for unit in 0..<layer.outputs where incoming?[unit] != 0 && outgoing?[unit] != 0 {
      let slope = layer.unitSlopes.isEmpty ? layer.slope : layer.unitSlopes[unit]
      // 0 and -0 are the same number.
      let key = (layer.weights.row(unit) + [layer.bias[unit], slope]).map {
        $0 == 0 ? 0 : $0.bitPattern
      }
      if let group = groups[key] {
        found[group].append(unit)
      } else {
        groups[key] = found.count
        found.append([unit])
      }
    }
    return found.filter { $0.count > 1 }
  }

  /// Leaves out the units without live outputs.
  ///
  /// - Returns: whether there were any.
  mutating func compact() -> Bool {
    var units = [Array(0..<network.outputs)]
    for index in network.layers.indices.dropLast().reversed() {
      let upper = network.layers[index + 1]
      var live = Array(0..<upper.inputs)
      if let mask = upper.mask {
        var isLive = [Bool](repeating: false, count: upper.inputs)
        for row in units[0] {
          for column in 0..<upper.inputs where mask[row * upper.inputs + column] {
            isLive[column] = true
          }
        }
        live = isLive.indices.filter { isLive[$0] }
      }
      if live.isEmpty {
        silence(layer: index)
        live = [0]
      }
      units.insert(live, at: 0)
    }
    let isEverything = zip(network.layers, units).allSatisfy { $0.outputs == $1.count }
    if isEverything { return false }
    let selection = UnitSelection(units: [Array(0..<network.inputs)] + units)
    network = selection.compact(network)
    if let moments = optimizer {
      optimizer?.first = selection.compact(moments.first)
      optimizer?.second = selection.compact(moments.second)
    }
    for (index, kept) in units.enumerated() { numbers[index] = kept.map { numbers[index][$0] } }
    return true
  }

  /// Takes the weights and the bias of the first unit of a layer that needs no unit.
  private mutating func silence(layer index: Int) {
    let layer = network.layers[index]
    var mask = layer.keepingMask
    for column in 0..<layer.inputs { mask.remove(column) }
    network.layers[index].bias[0] = 0
    apply(mask, toLayer: index)
    optimizer?.silence(ofLayer: index)
  }

  private mutating func apply(_ mask: Mask, toLayer index: Int) {
    network.layers[index].apply(mask)
    optimizer?.apply(mask, toLayer: index)
  }

  /// What has become of `state`.
  func report(of state: ModelState) -> ShrinkingReport {
    let layers = state.network.layers.enumerated().map { index, before in
      let after = network.layers[index]
      let gone = Set(0..<before.outputs).subtracting(numbers[index])
      let (constants, same) = (
        gone.intersection(constant[index]), gone.intersection(merged[index])
      )
      return ShrinkingReport.Layer(
        name: before.name, before: before.outputs, after: after.outputs,
        constant: constants.count, merged: same.subtracting(constants).count,
        unused: gone.subtracting(constants).subtracting(same).count,
        weightsBefore: before.remaining, weights: after.remaining,
        totalBefore: before.weights.count, total: after.weights.count)
    }
    let read = network.layers[0].mask?.keptPerColumn.map { $0 > 0 }
    let isRead = read ?? Array(repeating: true, count: network.inputs)
    return ShrinkingReport(
      layers: layers, unreadInputs: isRead.count { !$0 },
      unread: unread(isRead, columns: state.interface?.inputs ?? []))
  }

  /// The columns of which no input is read. One that would leave the network without inputs is kept.
  private func unread(
    _ isRead: [Bool], columns: [ModelInterface.Input]
  ) -> [ShrinkingReport.Column] {
    let isKnown = columns.reduce(0) { $0 + $1.width } == isRead.count
    let widths = isKnown ? columns.map(\.width) : isRead.map { _ in 1 }
    var start = 0
    let isAnyRead = isRead.contains(true)
    return widths.enumerated().compactMap { place, width in
      let inputs = start..<(start + width)
      start += width
      guard isRead[inputs].allSatisfy({ !$0 }) else { return nil }
      return ShrinkingReport.Column(
        name: isKnown ? columns[place].name : nil, place: place, inputs: inputs,
        isKept: !isAnyRead && inputs.contains(0))
    }
  }
}
