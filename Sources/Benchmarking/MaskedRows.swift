extension BenchRow {
  /// Adam on pruned networks: fine-tuning.
  static let maskedRows = [0.9, 0.95].flatMap { sparsity in
    [
      BenchRow(.masked, .lenet, 64, sparsity: sparsity),
      BenchRow(.masked, .wide, 128, sparsity: sparsity),
    ]
  }
}
