/// Words of other tools, and the keys that say the same here.
enum OtherWords {
  private static let keys: [String: [String]] = [
    "sparsity": ["to"], "amount": ["to"], "ratio": ["to"], "target": ["label", "to"],
    "targets": ["label"], "y": ["label"], "lr": ["learning_rate"], "rate": ["learning_rate"],
    "batch_size": ["batch"], "hidden_layers": ["hidden"], "hidden_layer_sizes": ["hidden"],
    "layers": ["hidden"], "scheduler": ["decay"], "test_size": ["test"], "file": ["csv"],
    "path": ["csv"], "random_state": ["seed"], "iterations": ["rounds", "epochs"],
    "max_iter": ["epochs"], "l2": ["weight_decay"], "alpha": ["weight_decay"],
  ]

  /// The one of `allowed` that `word` stands for elsewhere; nil where there is none.
  static func key(for word: String, among allowed: [String]) -> String? {
    keys[word.lowercased()]?.first(where: allowed.contains)
  }
}
