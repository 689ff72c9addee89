import NumericCore

/// Random combinations of a chain's outputs that stand for all of them in a backward pass.
///
/// With independent signs v_k = ±1, the gradient g of Σ_k v_k seed_kᵀ y has E_v g² = Σ_k g_k² (Hutchinson
/// 1990), so the mean over P such probes estimates squared sensitivities without bias; its error falls as
/// 1/√P. Signs are drawn anew for every sample, so sums over n samples average over n·P draws.
package struct OutputProbes: Sendable, Equatable {
  /// P, at least 1.
  package let count: Int
  /// What the signs are drawn by.
  package let seed: UInt64

  package init(count: Int, seed: UInt64) {
    precondition(count >= 1, "at least one probe")
    self.count = count
    self.seed = seed
  }

  /// 1/√P: makes the sum of the probes' squares their mean.
  var scale: Float { 1 / Float(count).squareRoot() }

  /// The signs of probe `pass` for block `block` of the samples: two words of 64 samples an output.
  func signs(block: Int, pass: Int) -> Philox {
    Philox(seed: seed, purpose: .probes, index: UInt64(block * count + pass))
  }
}
