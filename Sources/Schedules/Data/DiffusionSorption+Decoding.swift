import Datasets

extension DiffusionSorption {
  /// The value of `generate`.
  ///
  ///     generate: diffusion_sorption
  ///     generate: {diffusion_sorption: {times: 10, points: 64, samples: 100, noise: 0, seed: 0}}
  package static func form(task: LearningTask?) -> Form<DiffusionSorption> {
    let choice = Form.choice(
      "generator", [Case("diffusion_sorption", block, wrap: { $0 }) { $0 }])
    return choice.reading { field in
      let generator = choice.read(field)
      guard task != .classification else {
        field.report(RelationFault.notForTask("generate", task: "classification"))
        return nil
      }
      guard let generator else { return nil }
      // Each factor is small enough for the product to be an Int.
      let numbers = generator.rows * generator.inputs
      guard numbers <= Self.mostNumbers else {
        field.report(
          .outOfRange(
            "\(numbers) numbers of inputs",
            allowed: "at most \(Self.mostNumbers) (times x points x samples x (points + 4)); "
              + "take fewer of them"))
        return nil
      }
      return generator
    }
  }

  private static var block: Block<DiffusionSorption> {
    let standard = DiffusionSorption()
    return Block(
      "generate diffusion_sorption",
      "Solutions of a nonlinear diffusion equation for random parameters.",
      .setting(
        "times", \.times, .integer(timeRange), default: standard.times,
        "Times that each solution is looked at."),
      .setting(
        "points", \.points, .integer(pointRange), default: standard.points, "Points in space."),
      .setting(
        "samples", \.samples, .integer(sampleRange), default: standard.samples,
        "Samples of the parameters."),
      .setting(
        "noise", \.noise, .number(.unit), default: standard.noise,
        "Half the width of uniform noise on every target."),
      .setting("seed", \.seed, .seed(), default: standard.seed, "Of parameters and noise."),
      make: { DiffusionSorption(times: $0, points: $1, samples: $2, noise: $3, seed: $4) })
  }
}
