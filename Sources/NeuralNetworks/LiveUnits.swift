import Engine

/// The units of a network that have a weight on either side. The others give the layer above nothing
/// and take no part in its training, so chains of layers are prepared without them: with the smaller
/// matrices of a network that never had them.
///
/// That pays where whole units were removed, which leaves nearly all weights between live units. Where
/// single weights were, such units are few and compressed rows take no time for them: there all units
/// count as live, and the chain is that of the network as it is.
///
/// A pure function of the masks, and so fixed for a whole stage. Every layer has at least one unit.
/// `Shrinking` removes more, for good: here no parameter changes, and everything can be put back.
package struct LiveUnits {
  private let selection: UnitSelection
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
    selection = UnitSelection(units: units)
  }

  private static func live(_ lower: DenseLayer, _ upper: DenseLayer) -> [Int] {
    guard let rows = lower.mask, let columns = upper.mask else { return Array(0..<lower.outputs) }
    let (incoming, outgoing) = (rows.keptPerRow, columns.keptPerColumn)
    let live = (0..<lower.outputs).filter { incoming[$0] + outgoing[$0] > 0 }
    return live.isEmpty ? [0] : live
  }

  /// `network`, whose units these are, without the others.
  package func compact(_ network: Network) -> Network {
    isEverything ? network : selection.compact(network)
  }

  /// Puts the parameters of `compact`, of these units alone, into `network`; those of others stay.
  package func restore(_ compact: Network, into network: inout Network) {
    if isEverything { network = compact } else { selection.restore(compact, into: &network) }
  }

  /// Moments, one a layer or none at all, without those of other units.
  package func compact(_ moments: [LayerMoments]) -> [LayerMoments] {
    isEverything ? moments : selection.compact(moments)
  }

  /// The moments of `network`, of which `moments` are those of these units; others are 0.
  package func expand(_ moments: [LayerMoments], for network: Network) -> [LayerMoments] {
    isEverything ? moments : selection.expand(moments, for: network)
  }
}
