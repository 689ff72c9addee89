import Datasets

extension DiffusionSorption {
  /// Reads the value of `generate`.
  ///
  ///     generate: diffusion_sorption
  ///     generate: {diffusion_sorption: {times: 10, points: 64, samples: 100, noise: 0, seed: 0}}
  ///
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field, task: LearningTask?) {
    guard let (_, settings) = field.choice("generator", of: ["diffusion_sorption"]) else {
      return nil
    }
    let standard = DiffusionSorption()
    let keys =
      settings.map { $0.keys(["times", "points", "samples", "noise", "seed"]) }
      ?? .some(nil)
    guard let keys else { return nil }
    let times = keys?["times"].map { $0.integer(Self.timeRange) } ?? standard.times
    let points = keys?["points"].map { $0.integer(Self.pointRange) } ?? standard.points
    let samples = keys?["samples"].map { $0.integer(Self.sampleRange) } ?? standard.samples
    let noise = keys?["noise"].map { $0.number(.unit) } ?? standard.noise
    let seed = keys?["seed"].map { $0.integer(0...Int.max) } ?? 0
    guard task != .classification else {
      field.report(RelationFault.notForTask("generate", task: "classification"))
      return nil
    }
    guard let times, let points, let samples, let noise, let seed else { return nil }
    // Each factor is small enough for the product to be an Int.
    let numbers = times * points * samples * (points + 4)
    guard numbers <= Self.mostNumbers else {
      field.report(
        .outOfRange(
          "\(numbers) numbers of inputs",
          allowed: "at most \(Self.mostNumbers) (times x points x samples x (points + 4)); "
            + "take fewer of them"))
      return nil
    }
    self.init(
      times: times, points: points, samples: samples, noise: noise, seed: UInt64(seed))
  }
}
