import Datasets

extension DiffusionSorption {
  /// Whether the rows are not too many to be held; if they are, that is reported.
  func isModest(_ field: Field) -> Bool {
    // Each factor is small enough for the product to be an Int.
    let numbers = rows * inputs
    guard numbers <= Self.mostNumbers else {
      field.report(
        .outOfRange(
          "\(numbers) numbers of inputs",
          allowed: "at most \(Self.mostNumbers) (times x points x samples x (points + 4)); "
            + "take fewer of them"))
      return false
    }
    return true
  }

  /// What can stand behind the word `diffusion_sorption`.
  static var block: Block<DiffusionSorption> {
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
