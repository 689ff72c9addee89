import NeuralNetworks
import Storage

/// The settings of the diffusion–sorption data: solutions of a nonlinear diffusion equation for
/// random parameters, as a network learns them.
///
/// A row is one point of one solution: inputs (D, k, t, x, u0 at every point), output u(t, x). The
/// parameters of sample i are functions of (seed, i) alone, so more samples only add to those there
/// are. The equation and the source's choices are in `SorptionEquation`.
package struct DiffusionSorption: Sendable, Equatable {
  /// What the numbers mean; a change of what is computed raises it.
  static let version = 1

  /// Times a sample is looked at, `timeRange`: t_i = 500 i / times for i = 1 … times.
  package let times: Int
  /// Points of x, `pointRange`: the centres (j + ½) / points.
  package let points: Int
  /// Samples of the parameters, `sampleRange`.
  package let samples: Int
  /// Half the width of the uniform noise on every output u(t, x), in u's own units (u at x = 0 is 1);
  /// 0 to 1.
  package let noise: Double
  /// Of parameters and noise.
  package let seed: UInt64

  /// The fewest and the most times.
  package static let timeRange = 1...1_000
  /// The fewest points that the equation can be solved on, and the most.
  package static let pointRange = 4...1_024
  /// The fewest and the most samples.
  package static let sampleRange = 1...100_000
  /// The most rows: their inputs alone are a matrix of `points + 4` columns.
  package static let mostNumbers = 1 << 31

  package init(
    times: Int = 10, points: Int = 64, samples: Int = 100, noise: Double = 0, seed: UInt64 = 0
  ) {
    precondition(Self.timeRange.contains(times) && Self.pointRange.contains(points))
    precondition(Self.sampleRange.contains(samples) && (0...1).contains(noise))
    self.times = times
    self.points = points
    self.samples = samples
    self.noise = noise
    self.seed = seed
  }

  /// Rows of one sample: all its times and points. They go to the same part of the data.
  package var rowsPerSample: Int { times * points }
  /// Rows of all samples, sample by sample, time by time, point by point.
  package var rows: Int { samples * rowsPerSample }
  /// Columns of the inputs: D, k, t, x, and u0 at every point.
  package var inputs: Int { points + 4 }

  /// All settings and the version of what they mean; its digest stands for the data.
  package var canonical: JSONValue {
    var json = solutionSettings
    json["noise"] = JSONValue(noise)
    return json
  }

  /// The settings that the solutions depend on, which are the same whatever the noise.
  package var solutionSettings: JSONValue {
    [
      "generator": "diffusion_sorption", "version": JSONValue(Self.version),
      "times": JSONValue(times), "points": JSONValue(points), "samples": JSONValue(samples),
      "seed": .string(String(seed)),
    ]
  }
}
