import Runs

extension StudyPlan {
  /// The memory that the most demanding of the study's networks takes, with the data of all; one at a
  /// time, however many threads there are, so that nobody is refused who could have computed it.
  package var memoryNeed: MemoryNeed? {
    let data = facts.reduce(0.0) { sum, facts in
      let samples = [facts.trainingSamples, facts.validationSamples ?? 0, facts.testSamples ?? 0]
        .reduce(0, +)
      let columns = facts.inputs + (facts.classes.isEmpty ? facts.outputs : 1)
      return sum + 4 * Double(samples) * Double(columns)
    }
    return groups.flatMap { needs(of: $0, data: data) }.max { $0.bytes < $1.bytes }
  }

  private func needs(of group: StudyGroup, data: Double) -> [MemoryNeed] {
    let widths = group.architecture.widths
    let count = zip(widths, widths.dropFirst()).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let training = (group.start == nil ? [settings.train] : []) + [settings.finetune]
    let trained = training.compactMap { $0 }.map { TrainStage(.train, $0, orderName: "train") }
    let pruned = group.batches.compactMap { $0.first?.subject.prunings.first }
    let memories =
      trained.map { $0.memory(group.architecture) } + pruned.map { $0.memory(group.architecture) }
    return memories.map { MemoryNeed(group.text, $0, weightCount: count, data: data) }
  }
}
