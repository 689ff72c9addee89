import TestSupport

/// What scipy says, written by Golden/make_bounds_golden.py.
struct BoundsGolden: Decodable {
  struct Drop: Decodable {
    let samples: Int
    let lost: Int
    let gained: Int
    let confidence: Double
    let drop: Double
    let bound: Double
  }
  struct Ratio: Decodable {
    let first: [Double]
    let second: [Double]
    /// By confidence.
    let bounds: [String: Double]
  }
  struct Quantiles: Decodable {
    let probability: Double
    let normal: Double
    /// By degrees of freedom.
    let student: [String: Double]
  }
  let drops: [Drop]
  let ratios: [Ratio]
  let quantiles: [Quantiles]

  static func read() throws -> BoundsGolden { try GoldenFile.load("bounds.json") }
}
