import CKernels
import NumericCore

/// A block of samples on its way through a chain: values forward, squared sensitivities backward,
/// all in one worker's space, which fits a core's second-level cache.
///
/// Areas of the space are [rows, width], contiguous.
struct StatisticsBlock {
  let layout: StatisticsLayout
  let layers: [WorkingLayer]
  /// Σ_k W_k² [inputs] or W² [outputs, inputs] of the last layer: what the layer below takes from it at
  /// once, as `layout.seeds` says.
  let squares: UnsafePointer<Float>
  let product: DenseProduct
  let space: UnsafeMutablePointer<Float>
  /// ã of every layer's inputs.
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
    let places = layout.layers[0]
    eck_gather_strips(
      data, places.inputs, rows, live, width, references + places.reference, area(layout.input),
      strips.strips(of: places), strips.distance, firstSample)
  }

  /// Carries the inputs through the chain: each layer's inputs go to their strips, derivatives are kept.
  ///
  /// - Returns: the chain's outputs [outputs, width], or nil when no one reads them.
  func forward(references: UnsafePointer<Float>) -> UnsafePointer<Float>? {
    var x = area(layout.input)
    var (a, spare) = (area(layout.activations.0), area(layout.activations.1))
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      if isLast, !layout.seeds.readsOutputs { return nil }
      let z = layer.needsPreactivation ? area(layout.preactivation) : a
      layer.forward(
        x, stride: width, width: width, z: z, a: a, stride: width, product: product)
      if let derivative = layout.layers[index].derivative {
        layer.derivative(z, a, width: width, into: area(derivative))
      }
      if isLast { break }
      let next = layout.layers[index + 1]
      eck_center_strips(
        next.inputs, width, references + next.reference, a, strips.strips(of: next),
        strips.distance, firstSample)
      x = a
      swap(&a, &spare)
    }
    return UnsafePointer(a)
  }

  /// Writes h = Σ_k g_k² of every unit that has one of its own, with g_k = ∂(seed_kᵀ y)/∂z. With
  /// probes, the sum over outputs is estimated where it is not in closed form.
  ///
  /// The product with σ'(z)² is left to the end, for all passes at once.
  func backward(outputs: UnsafePointer<Float>?) {
    if case .none = layout.seeds { return }
    if let outputs {
      let last = layout.layers[layers.count - 1]
      eck_gated_squares(
        last.outputs, width, live, outputWeights(outputs), nil, stride,
        sensitivities + last.sensitivityRow * stride)
    }
    addSquares()
    for places in layout.layers {
      guard let raw = places.raw, let derivative = places.derivative else { continue }
      places.influential.forEachRun(in: 0..<places.influential.count) { units, place in
        let first = units.lowerBound * width
        eck_gated_squares(
          units.count, width, live, area(raw) + first, area(derivative) + first, stride,
          sensitivities + (places.sensitivityRow + place) * stride)
      }
    }
  }

  /// m = M_kk of every output, which is the last layer's h. Leaves behind what the passes start from:
  /// for softmax p and 1 − p, else √m.
  private func outputWeights(_ outputs: UnsafePointer<Float>) -> UnsafePointer<Float> {
    let last = layout.layers[layers.count - 1]
    let count = last.outputs * width
    let areas = layout.outputAreas
    var m = area(areas.0)
    switch layout.weighting {
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
    if case .diagonal = layout.seeds { eck_square_root(count, m, area(areas.2)) }
    return UnsafePointer(m)
  }

  /// Sums the squares of all passes in each layer's raw area.
  private func addSquares() {
    guard layers.count >= 2 else { return }
    let top = layers.count - 2
    let hidden = layout.layers[top]
    let last = layers[top + 1]
    for places in layout.layers[...top] {
      area(places.raw!).update(repeating: 0, count: places.outputs * width)
    }
    switch layout.seeds {
    case .none: return
    case .unit:
      for unit in 0..<hidden.outputs {
        (area(hidden.raw!) + unit * width).update(repeating: squares[unit], count: width)
      }
      if top == 0 { return }
    case .diagonal:
      product.multiply(
        m: last.inputs, n: width, k: last.outputs, squares, rowStep: 1, innerStep: last.inputs,
        area(layout.outputAreas.0), stride: width, into: area(hidden.raw!), stride: width)
      if top == 0 { return }
    case .softmax: break
    }
    for pass in 0..<layout.passes {
      if let probes = layout.probes {
        probeGradient(of: pass, probes, hidden: hidden)
      } else {
        seedGradient(of: pass, hidden: hidden)
      }
      carryDown(from: top)
    }
  }

  /// The gradient of probe `pass` at the last hidden layer, in the first gradient area: that of the seeds
  /// of all outputs, each with a random sign v_k and over √P; where the sum over outputs is not in closed
  /// form, adds its square.
  private func probeGradient(
    of pass: Int, _ probes: OutputProbes, hidden: StatisticsLayout.Places
  ) {
    let (last, derivative) = (layers[layers.count - 1], layout.layers[layers.count - 1].derivative)
    let gradient = area(layout.gradientAreas.0)
    // The diagonal seeds' √m lies in the third area and serves every probe.
    let seeds = layout.seeds.isDiagonal ? area(layout.outputAreas.1) : area(layout.outputAreas.2)
    let count = last.outputs * width
    switch layout.seeds {
    case .none: return
    case .unit: seeds.update(repeating: 1, count: count)
    case .diagonal: seeds.update(from: area(layout.outputAreas.2), count: count)
    case .softmax: eck_square_root(count, area(layout.outputAreas.0), seeds)
    }
    var signs = probes.signs(block: ordinal, pass: pass)
    var bits: [UInt64] = [0, 0]
    for output in 0..<last.outputs {
      bits[0] = signs.nextUInt64()
      bits[1] = signs.nextUInt64()
      eck_flip_signs(width, probes.scale, bits, seeds + output * width)
    }
    if case .softmax = layout.seeds {
      eck_softmax_probe(
        last.outputs, width, area(layout.outputAreas.0), area(layout.outputAreas.1), seeds)
      if let derivative { eck_multiply(count, area(derivative), seeds) }
    }
    last.transposed(
      seeds, stride: width, width: width, into: gradient, stride: width, product: product)
    if case .softmax = layout.seeds {
      eck_gate_add_square(
        hidden.outputs * width, area(hidden.derivative!), gradient, area(hidden.raw!))
    } else {
      eck_multiply(hidden.outputs * width, area(hidden.derivative!), gradient)
    }
  }

  /// The gradient of pass `output` at the last hidden layer, in the first gradient area; where that is
  /// not in closed form, adds its square.
  private func seedGradient(of output: Int, hidden: StatisticsLayout.Places) {
    let (last, derivative) = (layers[layers.count - 1], layout.layers[layers.count - 1].derivative)
    let gradient = area(layout.gradientAreas.0)
    let seeds = area(layout.outputAreas.2)
    let row = last.weights + output * last.inputs
    switch layout.seeds {
    case .none: break
    case .unit:
      eck_seed_unit(hidden.outputs, width, row, area(hidden.derivative!), nil, gradient)
    case .diagonal:
      eck_seed_unit(
        hidden.outputs, width, row, area(hidden.derivative!), seeds + output * width, gradient)
    case .softmax:
      eck_softmax_seed(
        last.outputs, width, output, area(layout.outputAreas.0), area(layout.outputAreas.1), seeds)
      if let derivative { eck_multiply(last.outputs * width, area(derivative), seeds) }
      last.transposed(
        seeds, stride: width, width: width, into: gradient, stride: width, product: product)
      eck_gate_add_square(
        hidden.outputs * width, area(hidden.derivative!), gradient, area(hidden.raw!))
    }
  }

  /// Carries the gradient in the first gradient area from layer `top` to the lowest.
  private func carryDown(from top: Int) {
    var (above, below) = (area(layout.gradientAreas.0), area(layout.gradientAreas.1))
    for index in (0..<top).reversed() {
      let places = layout.layers[index]
      layers[index + 1].transposed(
        above, stride: width, width: width, into: below, stride: width, product: product)
      if index == 0 {
        eck_add_square(places.outputs * width, below, area(places.raw!))
      } else {
        eck_gate_add_square(
          places.outputs * width, area(places.derivative!), below, area(places.raw!))
      }
      swap(&above, &below)
    }
  }
}
