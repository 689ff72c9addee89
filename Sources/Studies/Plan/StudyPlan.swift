import NeuralNetworks
import Runs
import Scheduler
import Schedules

/// A study before anything is computed: every cell known, checked and keyed.
package struct StudyPlan: Sendable {
  package let settings: StudySettings
  /// What is known of each of the study's sources, in their order.
  package let facts: [DataFacts]
  /// Seed by seed, in each data set by data set, model by model; so an unfinished study has all
  /// results of its first seeds.
  package let groups: [StudyGroup]

  /// All cells, in the order of the results: data set, model, subject, ratio, seed.
  package let cells: [StudyCell]

  /// Expands `settings` for data of which `facts` are known, one element a source.
  ///
  /// - Throws: what data or networks make impossible.
  package init(of settings: StudySettings, facts: [DataFacts]) throws(StudyObstacle) {
    let sources = settings.sources
    precondition(facts.count == sources.count, "facts of every source")
    self.settings = settings
    self.facts = facts
    var groups: [StudyGroup] = []
    for seed in settings.seeds {
      for index in settings.datasets.indices {
        let builders = settings.models.map { model in
          let source = sources.firstIndex { $0.serves(model, dataset: index) }!
          return StudyGroupBuilder(
            settings: settings, dataset: index, source: source, facts: facts[source], model: model)
        }
        let architectures = try builders.map { (builder) throws(StudyObstacle) in
          try builder.architecture()
        }
        let names = StudyPlan.names(of: architectures, settings.models)
        for (position, architecture) in architectures.enumerated() {
          groups.append(
            try builders[position].group(architecture, name: names[position], seed: seed))
        }
      }
    }
    self.groups = groups
    cells = StudyPlan.inOrder(
      groups, networks: settings.datasets.count * settings.models.count)
  }

  /// What stands in the column `model`: the widths, and the rest where widths do not tell models apart.
  private static func names(
    of architectures: [Architecture], _ models: [ModelSettings]
  ) -> [String] {
    let widths = architectures.map { $0.widths.map(String.init).joined(separator: "-") }
    return architectures.enumerated().map { index, architecture in
      guard widths.filter({ $0 == widths[index] }).count > 1 else { return widths[index] }
      if let start = models[index].start { return "\(widths[index]) \(start.path.written)" }
      let dropout = models[index].dropout
      return "\(widths[index]) \(architecture.activation.rawValue) "
        + architecture.initialization.rawValue
        + (dropout.isEmpty ? "" : " dropout \(dropout.map { "\($0)" }.joined(separator: "-"))")
    }
  }

  /// The cells of one data set and model after the other's, seeds next to one another.
  private static func inOrder(_ groups: [StudyGroup], networks: Int) -> [StudyCell] {
    var cells: [StudyCell] = []
    for network in 0..<networks {
      let seeds = stride(from: network, to: groups.count, by: networks).map { groups[$0] }
      guard let first = seeds.first else { continue }
      for (batch, list) in first.batches.enumerated() {
        for position in list.indices { cells += seeds.map { $0.batches[batch][position] } }
      }
    }
    return cells
  }
}
