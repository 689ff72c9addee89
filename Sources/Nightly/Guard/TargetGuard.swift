import NeuralNetworks
import Runs
import Storage

/// Whether tonight's targets leave something to learn.
package enum TargetGuard {
  /// A sentence for each target of a regression that is the same in every row of the training part, whatever
  /// network is in service; a network learns nothing but that value from it.
  package static func findings(_ data: RunData) -> [String] {
    guard case .values(let values) = data.training.targets, data.training.count > 1 else {
      return []
    }
    let samples = data.training
    let targets = data.interface?.targets ?? []
    return (0..<values.columns).compactMap { column in
      let first = samples.value(of: samples.indices[0], column)
      guard samples.indices.allSatisfy({ samples.value(of: $0, column) == first }) else {
        return nil
      }
      let name =
        targets.indices.contains(column)
        ? targets[column].name ?? "column \(targets[column].position + 1)" : nil
      let value =
        first / (data.targetScaling?.scale[column] ?? 1) + (data.targetScaling?.shift[column] ?? 0)
      return
        "the target\(name.map { " \($0.showingInvisible)" } ?? "") is \(NumberText.significant(value, 6)) in "
        + "every row to train on, so there is nothing to learn"
    }
  }
}
