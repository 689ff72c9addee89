extension BenchRow {
  /// SGD with momentum on dense networks.
  static let sgdRows = [BenchRow(.sgd, .lenet, 64)]
}
