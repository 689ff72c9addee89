import Engine
import Glibc
import NeuralNetworks

/// How few bytes a network can be told in, weight by weight: a bound for what masks and survivors take under
/// any coding that treats weights alike.
///
/// Of each layer with k survivors among N weights:
///
///     log₂ C(N, k)                     which weights are left
///     k · (23 + H)                     their values: 23 bits of fraction as they are, and the entropy H of
///                                      sign and exponent as they are distributed in the layer, in bits
///     32 · (biases and slopes)
///
/// summed over layers and rounded up to bytes. Fractions of trained weights are as good as random; those of
/// weights that were rounded, to float16 say, are not, and then less is possible.
package enum EntropyBound {
  package static func bytes(of network: Network) -> Int {
    Int((network.layers.reduce(0.0) { $0 + bits(of: $1) } / 8).rounded(.up))
  }

  private static func bits(of layer: DenseLayer) -> Double {
    let (all, kept) = (Double(layer.weights.count), Double(layer.remaining))
    let slopes = layer.activation == .prelu ? max(1, layer.unitSlopes.count) : 0
    let places = (lgamma(all + 1) - lgamma(kept + 1) - lgamma(all - kept + 1)) / log(2)
    return places + kept * 23 + signsAndExponents(layer) + 32 * Double(layer.outputs + slopes)
  }

  /// Their entropy over all survivors together, in bits.
  private static func signsAndExponents(_ layer: DenseLayer) -> Double {
    var counts = [Int](repeating: 0, count: 512)
    layer.weights.withSpan { weights in
      for place in weights.indices where layer.mask?[place] ?? true {
        counts[Int(weights[place].bitPattern >> 23)] += 1
      }
    }
    let all = Double(layer.remaining)
    return counts.reduce(0.0) { $1 == 0 ? $0 : $0 + Double($1) * log2(all / Double($1)) }
  }
}
