import Engine

extension ChainParameters {
  /// The parameters of `network` in working form; where nothing is trained, those of its live units.
  ///
  /// - Parameter trains: whether gradients will be carried through the layers.
  package convenience init(
    _ network: Network, trains: Bool, table: KernelTable = .committed(for: .chosen)
  ) {
    let network = trains ? network : LiveUnits(of: network).compact(network)
    self.init(network.layers, trains: trains, table: table)
  }

  /// Puts the parameters as they stand into `network`, which they were made from.
  func update(_ network: inout Network) {
    for index in network.layers.indices {
      network.layers[index].weights = weights(of: index)
      network.layers[index].bias = bias(of: index)
      network.layers[index].slope = slope(of: index)
    }
  }
}
