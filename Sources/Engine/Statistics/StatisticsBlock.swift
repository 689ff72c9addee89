import CKernels
import NumericCore

/// A block of samples on its way through a chain: values forward, squared sensitivities backward,
/// all in one worker's space, which fits a core's second-level cache.
///
/// Areas of the space are [rows, width], contiguous.
struct StatisticsBlock {
  let chain: StatisticsChain
  let product: DenseProduct
  let parameters: UnsafePointer<Float>
  let space: UnsafeMutablePointer<Float>
  /// ã of every map's inputs.
  let strips: StatisticsStrips
  /// The strips' row of the block's first sample.
  let firstSample: Int
  /// h of every unit from the block's first column on.
  let sensitivities: UnsafeMutablePointer<Float>
  /// Distance between rows of `sensitivities`.
  let stride: Int
  /// Samples and padding, a multiple of 16.
  let width: Int
  /// Samples.
  let live: Int
  /// Which block of the whole pass it is, from 0: what probes are drawn by.
  let ordinal: Int

  /// Columns of a full block.
  static let fullWidth = 128

  private func area(_ row: Int) -> UnsafeMutablePointer<Float> {
    space + row * StatisticsBlock.fullWidth
  }

  /// Puts the samples `rows` of sample-major `data`, centred, where `forward` starts from.
  func gather(
    _ data: UnsafePointer<Float>, rows: UnsafePointer<Int32>, references: UnsafePointer<Float>
  ) {
    let link = chain.links[0]
    eck_gather_strips(
      data, link.inputs, rows, live, width, references + link.reference, area(chain.input),
      strips.strips(of: link), strips.distance, firstSample)
  }

  /// Carries the inputs through the chain: each map's inputs go to their strips, derivatives are kept.
  ///
  /// - Returns: the chain's outputs [outputs, width], or nil when no one reads them.
  func forward(references: UnsafePointer<Float>) -> UnsafePointer<Float>? {
    var x = area(chain.input)
    var (a, spare) = (area(chain.activations.0), area(chain.activations.1))
    for (index, link) in chain.links.enumerated() {
      let isLast = index == chain.links.count - 1
      if isLast, !chain.seeds.readsOutputs { return nil }
      activate(link, x, into: a)
      if isLast { break }
      let next = chain.links[index + 1]
      eck_center_strips(
        next.inputs, width, references + next.reference, a, strips.strips(of: next),
        strips.distance, firstSample)
      x = a
      swap(&a, &spare)
    }
    return UnsafePointer(a)
  }

  /// a = σ(W x + b) of one map, and σ'(z) where it is needed.
  private func activate(
    _ link: StatisticsChain.Link, _ x: UnsafePointer<Float>,
    into a: UnsafeMutablePointer<Float>
  ) {
    // Two functions whose derivatives are had from their values.
    let relu = link.activation == .relu
    let z = relu || link.activation == .identity ? a : area(chain.preactivation)
    product.multiply(
      m: link.outputs, n: width, k: link.inputs, parameters + link.weights,
      rowStep: link.inputs, innerStep: 1, x, stride: width, into: z, stride: width,
      bias: parameters + link.bias, relu: relu)
    if z != a {
      eck_activate_rows(
        link.activation.code, link.slope, link.outputs, width, width, z, a)
    }
    if let derivative = link.derivative {
      eck_derivative(
        link.activation.code, link.slope, link.outputs * width, z, a, area(derivative))
    }
  }

  /// Wᵀ g [inputs, width] of one map's weights, for g [outputs, width].
  private func multiplyTransposed(
    _ weights: Int, of link: StatisticsChain.Link, _ g: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) {
    product.multiply(
      m: link.inputs, n: width, k: link.outputs, parameters + weights, rowStep: 1,
      innerStep: link.inputs, g, stride: width, into: result, stride: width)
  }

  /// Writes h = Σ_k g_k² of every unit that has one of its own, with g_k = ∂(seed_kᵀ y)/∂z. With
  /// probes, the sum over outputs is estimated where it is not in closed form.
  ///
  /// The product with σ'(z)² is left to the end, for all passes at once.
  func backward(outputs: UnsafePointer<Float>?) {
    if case .none = chain.seeds { return }
    if let outputs {
      let last = chain.links[chain.links.count - 1]
      eck_gated_squares(
        last.outputs, width, live, outputWeights(outputs), nil, stride,
        sensitivities + last.sensitivityRow * stride)
    }
    addSquares()
    for link in chain.links {
      guard let raw = link.raw, let derivative = link.derivative else { continue }
      eck_gated_squares(
        link.outputs, width, live, area(raw), area(derivative), stride,
        sensitivities + link.sensitivityRow * stride)
    }
  }

  /// m = M_kk of every output, which is the last map's h. Leaves behind what the passes start from:
  /// for softmax p and 1 − p, else √m.
  private func outputWeights(_ outputs: UnsafePointer<Float>) -> UnsafePointer<Float> {
    let last = chain.links[chain.links.count - 1]
    let count = last.outputs * width
    let areas = chain.outputAreas
    var m = area(areas.0)
    switch chain.weighting {
    case .none, .euclidean: m.update(repeating: 1, count: count)
    case .logistic: eck_logistic_variance(count, outputs, m)
    case .softmax:
      let (p, q) = (area(areas.0), area(areas.1))
      eck_softmax(last.outputs, width, width, outputs, p, q)
      // The exponential never falls below 1.2e-38. What is no larger than a sum of such is its
      // clamp, not a probability, and must not make a saturated classifier look sensitive.
      let clamp = Float(last.outputs) * 1.2e-38
      eck_drop_small(count, clamp, p)
      eck_drop_small(count, clamp, q)
      m = area(areas.2)
      m.update(from: p, count: count)
      eck_multiply(count, q, m)
    }
    if let derivative = last.derivative {
      eck_multiply(count, area(derivative), m)
      eck_multiply(count, area(derivative), m)
    }
    if case .diagonal = chain.seeds { eck_square_root(count, m, area(areas.2)) }
    return UnsafePointer(m)
  }

  /// Sums the squares of all passes in each map's raw area.
  private func addSquares() {
    guard chain.links.count >= 2 else { return }
    let top = chain.links.count - 2
    let link = chain.links[top]
    let last = chain.links[top + 1]
    let squares = parameters + chain.squares
    for hidden in chain.links[...top] {
      area(hidden.raw!).update(repeating: 0, count: hidden.outputs * width)
    }
    switch chain.seeds {
    case .none: return
    case .unit:
      for unit in 0..<link.outputs {
        (area(link.raw!) + unit * width).update(repeating: squares[unit], count: width)
      }
      if top == 0 { return }
    case .diagonal:
      multiplyTransposed(
        chain.squares, of: last, area(chain.outputAreas.0), into: area(link.raw!))
      if top == 0 { return }
    case .softmax: break
    }
    for pass in 0..<chain.passes {
      if let probes = chain.probes {
        probeGradient(of: pass, probes, link: link, last: last)
      } else {
        seedGradient(of: pass, link: link, last: last)
      }
      carryDown(from: top)
    }
  }

  /// The gradient of probe `pass` at the last hidden map, in the first gradient area: that of the seeds
  /// of all outputs, each with a random sign v_k and over √P; where the sum over outputs is not in closed
  /// form, adds its square.
  private func probeGradient(
    of pass: Int, _ probes: OutputProbes, link: StatisticsChain.Link, last: StatisticsChain.Link
  ) {
    let gradient = area(chain.gradientAreas.0)
    // The diagonal seeds' √m lies in the third area and serves every probe.
    let seeds = chain.seeds.isDiagonal ? area(chain.outputAreas.1) : area(chain.outputAreas.2)
    let count = last.outputs * width
    switch chain.seeds {
    case .none: return
    case .unit: seeds.update(repeating: 1, count: count)
    case .diagonal: seeds.update(from: area(chain.outputAreas.2), count: count)
    case .softmax: eck_square_root(count, area(chain.outputAreas.0), seeds)
    }
    var signs = probes.signs(block: ordinal, pass: pass)
    var bits: [UInt64] = [0, 0]
    for output in 0..<last.outputs {
      bits[0] = signs.nextUInt64()
      bits[1] = signs.nextUInt64()
      eck_flip_signs(width, probes.scale, bits, seeds + output * width)
    }
    if case .softmax = chain.seeds {
      eck_softmax_probe(
        last.outputs, width, area(chain.outputAreas.0), area(chain.outputAreas.1), seeds)
      if let derivative = last.derivative { eck_multiply(count, area(derivative), seeds) }
    }
    multiplyTransposed(last.weights, of: last, seeds, into: gradient)
    if case .softmax = chain.seeds {
      eck_gate_add_square(
        link.outputs * width, area(link.derivative!), gradient, area(link.raw!))
    } else {
      eck_multiply(link.outputs * width, area(link.derivative!), gradient)
    }
  }

  /// The gradient of pass `output` at the last hidden map, in the first gradient area; where that is
  /// not in closed form, adds its square.
  private func seedGradient(
    of output: Int, link: StatisticsChain.Link, last: StatisticsChain.Link
  ) {
    let gradient = area(chain.gradientAreas.0)
    let seeds = area(chain.outputAreas.2)
    let row = parameters + last.weights + output * last.inputs
    switch chain.seeds {
    case .none: break
    case .unit:
      eck_seed_unit(link.outputs, width, row, area(link.derivative!), nil, gradient)
    case .diagonal:
      eck_seed_unit(
        link.outputs, width, row, area(link.derivative!), seeds + output * width, gradient)
    case .softmax:
      eck_softmax_seed(
        last.outputs, width, output, area(chain.outputAreas.0), area(chain.outputAreas.1), seeds)
      if let derivative = last.derivative {
        eck_multiply(last.outputs * width, area(derivative), seeds)
      }
      multiplyTransposed(last.weights, of: last, seeds, into: gradient)
      eck_gate_add_square(
        link.outputs * width, area(link.derivative!), gradient, area(link.raw!))
    }
  }

  /// Carries the gradient in the first gradient area from map `top` to the lowest.
  private func carryDown(from top: Int) {
    var (above, below) = (area(chain.gradientAreas.0), area(chain.gradientAreas.1))
    for index in (0..<top).reversed() {
      let link = chain.links[index]
      let upper = chain.links[index + 1]
      multiplyTransposed(upper.weights, of: upper, above, into: below)
      if index == 0 {
        eck_add_square(link.outputs * width, below, area(link.raw!))
      } else {
        eck_gate_add_square(
          link.outputs * width, area(link.derivative!), below, area(link.raw!))
      }
      swap(&above, &below)
    }
  }
}
