import Engine
import Glibc
import ModelFiles
import NeuralNetworks
import NumericCore
import Testing

/// How near the entries of a checkpoint come to the entropy of what they hold.
@Suite("Sizes of checkpoints")
struct CheckpointSizeTests {
  /// Bits that each of `total` draws takes at best when one outcome came `count` times.
  private static func bits(_ count: Int, of total: Int) -> Double {
    count == 0 ? 0 : -Double(count) * log2(Double(count) / Double(total))
  }

  /// Bytes that the mask of `layer` takes when every weight's fate is drawn alone.
  private static func maskEntropy(_ layer: DenseLayer) -> Double {
    guard let mask = layer.mask else { return 0 }
    return
      (bits(mask.keptCount, of: mask.count) + bits(mask.count - mask.keptCount, of: mask.count))
      / 8
  }

  /// Bytes that the survivors of `layer` take when the four bytes of each are drawn apart.
  private static func valueEntropy(_ layer: DenseLayer) -> Double {
    let elements = layer.weights.elements
    let indices = layer.mask?.keptIndices ?? Array(elements.indices)
    let words = indices.map { elements[$0].bitPattern }
    return stride(from: UInt32(0), to: 32, by: 8).reduce(0.0) { sum, shift in
      var counts = [Int](repeating: 0, count: 256)
      for word in words { counts[Int(word >> shift & 0xff)] += 1 }
      return sum + counts.reduce(0) { $0 + bits($1, of: words.count) } / 8
    }
  }

  /// Bell-shaped weights; more of them where few are kept, so that what every entry costs beside its
  /// content stays small.
  private static func network(density: Double) -> Network {
    var draws = Draws(seed: 12)
    var network = draws.network(
      density < 0.3 ? [784, 300, 100, 10] : [400, 150, 60, 10], densities: [density])
    for index in network.layers.indices {
      let mask = network.layers[index].mask
      network.layers[index].weights.withMutableSpan { span in
        for i in span.indices where mask?[i] ?? true {
          span[i] = 0.05 * (0..<4).reduce(0) { sum, _ in sum + draws.float() }
        }
      }
    }
    return network
  }

  @Test(
    "Masks and survivors take at most 5 % more than their entropy",
    arguments: [2, 0.9, 0.5, 0.2, 0.1, 0.05])
  func entropy(density: Double) throws {
    let network = Self.network(density: density)
    let best = network.layers.reduce(0) { $0 + Self.maskEntropy($1) + Self.valueEntropy($1) }
    for level in [1, 9, 19] {
      let file = try encoded(CheckpointContents(state: ModelState(network: network)), level: level)
      let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
      let stored = summary.entries.reduce(0) {
        $0 + ($1.form.name.contains(".weight.") ? $1.storedBytes : 0)
      }
      #expect(Double(stored) < 1.05 * best, "level \(level)")
      #expect(Double(stored) > 0.97 * best, "level \(level)")
    }
  }

  @Test("What a file has beside its entries is bounded, however small the network")
  func overhead() throws {
    let file = try encoded(
      CheckpointContents(state: ModelState(network: Self.network(density: 0.02))), level: 9)
    let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
    let stored = summary.entries.reduce(0) { $0 + $1.storedBytes }
    #expect(file.count - stored < 2_000)
  }
}
