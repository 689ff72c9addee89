/// What a training costs, roughly, to tell how much of a study there is left to do.
enum TrainingCost {
  /// Of a step whatever the network is, as multiply-adds.
  private static let perStep = 20_000.0

  /// Multiply-adds of training a network of so many weights.
  ///
  /// - Parameter samples: of an epoch.
  static func of(_ weights: Int, samples: Int, batch: Int, epochs: Int) -> Double {
    let steps = (Double(samples) / Double(max(batch, 1))).rounded(.up)
    return (Double(samples) * 3 * Double(weights) + steps * perStep) * Double(epochs)
  }
}
