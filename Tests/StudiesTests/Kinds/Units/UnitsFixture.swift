/// A small study of units on the data of `StudyFixture`.
enum UnitsFixture {
  /// A 5-7-6-3 network, two seeds, two ratios, two sample shares, two numbers of epochs: 22 cells.
  static let text = """
    version: 1
    kind: units
    name: small
    seed: 7
    data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}
    model: {hidden: [7, 6], activation: relu}
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
    train: {epochs: 3}
    seeds: 2
    ratios: [0.4, 0.7]
    sample_shares: [0.5, 1]
    epochs: [1, 2]
    quick: {seeds: 1, ratios: [0.5]}
    """
}
