import Engine
import NeuralNetworks
import NumericCore
import Synchronization

/// What works are done on: networks of a plan's shape, or of a smaller one where that is large, and samples
/// that mean nothing.
struct SyntheticRun: Sendable {
  let architecture: Architecture
  let loss: Loss
  private let isClassification: Bool
  /// Weights of the plan's network a weight of this one.
  let scale: Double
  private let stock = SampleStock()

  /// - Parameter most: weights of a network that is not stood for by a smaller one.
  init(of plan: Plan, most: Double) {
    loss = plan.loss
    isClassification = !plan.facts.classes.isEmpty
    let own = plan.architecture
    let count = Double(own.weightCount)
    if count <= most {
      (architecture, scale) = (own, 1)
      return
    }
    let share = (most / count).squareRoot()
    var widths = own.widths.map { max(1, Int(Double($0) * share)) }
    // Classes stay as many as there are.
    widths[own.layerCount] = own.widths[own.layerCount]
    architecture = Architecture(
      widths: widths, activation: own.activation, initialization: own.initialization)
    scale = count / Double(architecture.weightCount)
  }

  /// 64-300-100-10 relu, as names have it.
  var name: String {
    architecture.widths.map(String.init).joined(separator: "-")
      + " \(architecture.activation.rawValue) \(loss.word)"
  }

  /// A network with about that share of its weights, at random places of every layer.
  func network(density: Double) -> Network {
    Network(
      layers: architecture.layerNames.enumerated().map { index, name in
        let (inputs, outputs) = (architecture.widths[index], architecture.widths[index + 1])
        let bound = Float((6 / Double(inputs)).squareRoot())
        var weights = Matrix(rows: outputs, columns: inputs)
        weights.fill { bound * Self.number($0, index) }
        return DenseLayer(
          name: name, weights: weights, bias: Array(repeating: 0, count: outputs),
          activation: architecture.activation(ofLayer: index),
          mask: density < 1 ? mask(outputs, inputs, layer: index, density: density) : nil)
      })
  }

  private func mask(_ rows: Int, _ columns: Int, layer: Int, density: Double) -> Mask {
    let least = Float(1 - 2 * density)
    var bytes = [UInt8](repeating: 0, count: (rows * columns + 7) / 8)
    // One weight stays in any case.
    bytes[0] = 1
    for weight in 0..<(rows * columns) where Self.number(weight, layer + 1000) >= least {
      bytes[weight >> 3] |= 1 << UInt8(weight & 7)
    }
    guard let mask = Mask(rows: rows, columns: columns, bytes: bytes) else {
      preconditionFailure("a bit for every weight, none behind the last")
    }
    return mask
  }

  /// `count` samples.
  func samples(_ count: Int) -> SampleSet {
    let all = stock.samples(atLeast: count, made)
    return SampleSet(
      inputs: all.inputs, targets: all.targets, indices: Array(all.indices.prefix(count)))
  }

  private func made(_ count: Int) -> SampleSet {
    func matrix(_ columns: Int) -> Matrix {
      var matrix = Matrix(rows: count, columns: columns)
      matrix.fill { Self.number($0, 2000) }
      return matrix
    }
    let inputs = matrix(architecture.widths[0])
    let outputs = architecture.widths[architecture.layerCount]
    guard isClassification else {
      return SampleSet(inputs: inputs, targets: .values(matrix(outputs)))
    }
    let classes = max(2, outputs)
    return SampleSet(
      inputs: inputs, targets: .labels((0..<count).map { Int32($0 * 7919 % classes) }))
  }

  /// A number between −1 and 1 that looks like chance: the finalizer of SplitMix64 (Steele, Lea, Flood 2014),
  /// because making millions of better ones takes longer than what is measured.
  private static func number(_ index: Int, _ stream: Int) -> Float {
    var z = UInt64(truncatingIfNeeded: index &+ stream << 40) &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return Float(Int32(truncatingIfNeeded: z >> 32)) * 0x1p-31
  }
}

extension Matrix {
  fileprivate mutating func fill(_ number: (Int) -> Float) {
    withMutableSpan { span in for index in span.indices { span[index] = number(index) } }
  }
}

/// Samples that works share, so that they are made once.
///
/// A class, because works keep it together.
private final class SampleStock: Sendable {
  private let made = Mutex<SampleSet?>(nil)

  /// A set of at least `count` samples.
  func samples(atLeast count: Int, _ make: (Int) -> SampleSet) -> SampleSet {
    made.withLock { known in
      if let known, known.count >= count { return known }
      let new = make(count)
      known = new
      return new
    }
  }
}
