import CKernels

/// One kernel at work on a layer [1024, 1024] with 128 samples, dense or with 5 % of its weights left.
///
/// The only public declaration of the library: benchmarks live in a package of their own, to keep what
/// they depend on out of this one's graph, and a package sees no more of another.
public struct KernelWorkload: Sendable {
  /// Such as `forward/compressed`.
  public let name: String
  private let kernel: Kernel
  private let compressed: Bool

  private enum Kernel: String, CaseIterable {
    case forward, backward, gradient, adam, vector
  }

  private static let width = 1024
  private static let samples = 128
  /// Every so many weights one is kept.
  private static let spacing = 20

  /// All workloads: each kernel on dense and on compressed weights.
  public static let all = Kernel.allCases.flatMap { kernel in
    [false, true].map { KernelWorkload(kernel, compressed: $0) }
  }

  private init(_ kernel: Kernel, compressed: Bool) {
    name = "\(kernel.rawValue)/\(compressed ? "compressed" : "dense")"
    self.kernel = kernel
    self.compressed = compressed
  }

  /// Allocates what the kernel works on; what comes back runs it once on the calling thread.
  public func prepare() -> () -> Void {
    let (width, samples) = (KernelWorkload.width, KernelWorkload.samples)
    let parameters = parameters
    let (below, layer) = (parameters.layers[0], parameters.layers[1])
    let memory = parameters.memory
    let x = memory.allocate(width * samples, filledWith: Float(0.5))
    let y = memory.zeros(width * samples)
    let gradient = memory.zeros(layer.weightCount)
    let moments = (memory.zeros(layer.weightCount), memory.zeros(layer.weightCount))
    let product = DenseProduct.preferred(on: .present)
    // Each closure holds `parameters`, which owns the memory.
    switch kernel {
    case .forward:
      return { [parameters] in
        withExtendedLifetime(parameters) {
          layer.forward(
            x, stride: samples, width: samples, z: y, a: y, stride: samples, product: product)
        }
      }
    case .backward:
      return { [parameters] in
        withExtendedLifetime(parameters) {
          _ = layer.backward(
            x, stride: samples, width: samples, below: below, z: x, a: x, into: y,
            stride: samples, product: product)
        }
      }
    case .gradient:
      // Dense gradients read their inputs sample by sample.
      let stride = compressed ? samples : width
      return { [parameters] in
        withExtendedLifetime(parameters) {
          layer.gradient(
            rows: 0..<width, samples: samples, deltas: x, stride: samples, x, stride: stride,
            into: gradient, product: product)
        }
      }
    case .adam:
      let rule = UpdateRule.adam(
        step: 0.001, beta1: 0.9, beta2: 0.999, inverseRoot: 1, epsilon: 1e-8, coupledDecay: 0,
        shrink: 1)
      return { [parameters] in
        withExtendedLifetime(parameters) {
          rule.apply(
            count: layer.weightCount, weights: layer.weights, gradient: gradient,
            mask: layer.mask, first: moments.0, second: moments.1)
        }
      }
    case .vector:
      return { [parameters] in
        withExtendedLifetime(parameters) { layer.apply(toSample: x, rows: 0..<width, into: y) }
      }
    }
  }

  /// Two layers, of which the upper one is worked on: gradients go back through it.
  private var parameters: ChainParameters {
    let width = KernelWorkload.width
    var words = [UInt64](repeating: 0, count: width * width / 64)
    for weight in stride(from: 0, to: width * width, by: KernelWorkload.spacing) {
      words[weight >> 6] |= 1 << UInt64(weight & 63)
    }
    let map = AffineMap(
      weights: Matrix(rows: width, columns: width, repeating: 0.01),
      bias: Array(repeating: 0, count: width), activation: .relu, slope: 0)
    return ChainParameters(
      maps: [map, map], masks: compressed ? [words, words] : [nil, nil], trains: true,
      table: KernelTable(density: 1))
  }
}
