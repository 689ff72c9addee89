import Datasets

extension DataGenerator {
  /// The value of `generate`.
  ///
  ///     generate: diffusion_sorption
  ///     generate: {diffusion_sorption: {times: 10, points: 64, samples: 100, noise: 0, seed: 0}}
  ///     generate: {edges: {side: 16, classes: 2, shapes: 8, samples: 10000, seed: 0}}
  package static func form(task: LearningTask?) -> Form<DataGenerator> {
    let sorption = Case<DataGenerator>(
      "diffusion_sorption", DiffusionSorption.block, wrap: { .diffusionSorption($0) },
      unwrap: { if case .diffusionSorption(let generator) = $0 { generator } else { nil } })
    let edges = Case<DataGenerator>(
      "edges", EdgeImages.block, wrap: { .edges($0) },
      unwrap: { if case .edges(let generator) = $0 { generator } else { nil } })
    let choice = Form<DataGenerator>.choice("generator", [sorption, edges])
    return choice.reading { field in
      guard let generator = choice.read(field) else { return nil }
      if let task, generator.task != task {
        field.report(
          RelationFault.notForTask("generate: \(generator.name)", task: task.rawValue))
        return nil
      }
      switch generator {
      case .diffusionSorption(let own): return own.isModest(field) ? generator : nil
      case .edges(let own): return own.isModest(field) ? generator : nil
      }
    }
  }
}
