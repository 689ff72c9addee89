import CKernels
import NumericCore

/// What gradients of a chain's outputs start from: vectors s_k of every sample with Σ_k s_k s_kᵀ = M, the
/// weighting of its outputs, or random combinations of them.
struct OutputSeeds: Sendable {
  private let weighting: OutputWeighting
  private let outputs: Int
  private let probes: OutputProbes?

  /// Areas [outputs, width] that a block needs.
  static let areas = 3

  /// - Parameter weighting: not `none`.
  init(_ weighting: OutputWeighting, outputs: Int, probes: OutputProbes?) {
    precondition(weighting != .none, "outputs count")
    (self.weighting, self.outputs, self.probes) = (weighting, outputs, probes)
  }

  /// How many vectors there are.
  var passes: Int { probes?.count ?? outputs }

  /// The outputs of a block of samples.
  struct Block {
    /// [outputs, width]; read by `prepare` alone.
    let y: UnsafePointer<Float>
    /// Samples, and with padding.
    let live: Int
    let width: Int
    /// Which block of the whole pass it is, from 0.
    let ordinal: Int
    /// `areas` areas.
    let space: UnsafeMutablePointer<Float>
  }

  /// Puts what all seeds of `block` have in common into its space: for softmax p, 1 − p and √p, else √M.
  func prepare(_ block: Block) {
    let count = outputs * block.width
    let (first, second, roots) = areas(of: block)
    switch weighting {
    case .none, .euclidean: roots.update(repeating: 1, count: count)
    case .logistic:
      eck_logistic_variance(count, block.y, first)
      eck_square_root(count, first, roots)
    case .softmax:
      eck_softmax(outputs, block.width, block.width, block.y, first, second)
      // As in `StatisticsBlock`: what is no larger than this is no probability but the exponential's clamp.
      let clamp = Float(outputs) * 1.2e-38
      eck_drop_small(count, clamp, first)
      eck_drop_small(count, clamp, second)
      eck_square_root(count, first, roots)
    }
  }

  /// Writes the seeds of pass `pass` into `target` [outputs, width], 0 for padding.
  func write(_ pass: Int, _ block: Block, into target: UnsafeMutablePointer<Float>) {
    let (width, count) = (block.width, outputs * block.width)
    let (p, q, roots) = areas(of: block)
    if let probes {
      target.update(from: roots, count: count)
      var signs = probes.signs(block: block.ordinal, pass: pass)
      var bits: [UInt64] = [0, 0]
      for output in 0..<outputs {
        bits[0] = signs.nextUInt64()
        bits[1] = signs.nextUInt64()
        eck_flip_signs(width, probes.scale, bits, target + output * width)
      }
      if weighting == .softmax { eck_softmax_probe(outputs, width, p, q, target) }
    } else if weighting == .softmax {
      eck_softmax_seed(outputs, width, pass, p, q, target)
    } else {
      target.update(repeating: 0, count: count)
      (target + pass * width).update(from: roots + pass * width, count: width)
    }
    for output in 0..<outputs {
      (target + output * width + block.live).update(repeating: 0, count: width - block.live)
    }
  }

  private func areas(of block: Block) -> (
    UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
  ) {
    let size = outputs * block.width
    return (block.space, block.space + size, block.space + 2 * size)
  }
}
