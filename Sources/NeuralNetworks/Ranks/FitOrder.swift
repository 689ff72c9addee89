import Engine
import NumericCore

/// What ranks do of a fit (`OutputFit`), as each of them is told of it.
enum FitOrder {
  /// Prepare one.
  case begin(FitSetup)
  /// Take on these parameters.
  case parameters([Double])
  /// Compute something over samples of data that are kept.
  case compute(Quantity, data: Int, rows: [Int32])

  enum Quantity {
    case value
    case gradient
    /// Along this direction.
    case product([Double])
  }

  init(_ message: inout RankMessage) {
    switch message.read(UInt8.self) {
    case 0: self = .begin(FitSetup(&message))
    case 1: self = .parameters(message.readArray())
    default:
      let quantity: Quantity =
        switch message.read(UInt8.self) {
        case 0: .value
        case 1: .gradient
        default: .product(message.readArray())
        }
      self = .compute(quantity, data: message.read(), rows: message.readArray())
    }
  }

  func write(to message: inout RankMessage) {
    switch self {
    case .begin(let setup):
      message.write(UInt8(0))
      setup.write(to: &message)
    case .parameters(let parameters):
      message.write(UInt8(1))
      message.write(parameters)
    case .compute(let quantity, let data, let rows):
      message.write(UInt8(2))
      switch quantity {
      case .value: message.write(UInt8(0))
      case .gradient: message.write(UInt8(1))
      case .product(let direction):
        message.write(UInt8(2))
        message.write(direction)
      }
      message.write(data)
      message.write(rows)
    }
  }
}

/// What a rank prepares a fit from.
struct FitSetup {
  var network: [DenseLayer]
  /// Without units that nothing reads.
  var reference: [DenseLayer]
  var objective: OutputObjective
  var mostSamples: Int
  /// Of each rank.
  var threads: Int
}

extension FitSetup {
  init(_ message: inout RankMessage) {
    network = message.readLayers()
    reference = message.readLayers()
    objective = OutputObjective(loss: message.read(), labelShare: message.read())
    mostSamples = message.read()
    threads = message.read()
  }

  func write(to message: inout RankMessage) {
    message.write(network)
    message.write(reference)
    message.write(objective.loss)
    message.write(objective.labelShare)
    message.write(mostSamples)
    message.write(threads)
  }
}

extension OutputFit {
  /// Does this rank's part of what `order` says; of a fit that is there.
  func follow(_ order: FitOrder, data: [SampleSet]) {
    switch order {
    case .begin: preconditionFailure("a fit begins once")
    case .parameters(let vector): parameters = vector
    case .compute(let quantity, let index, let rows):
      let samples = SampleSet(
        inputs: data[index].inputs, targets: data[index].targets, indices: rows)
      switch quantity {
      case .value: _ = value(on: samples)
      case .gradient: _ = gradient(on: samples)
      case .product(let direction): _ = product(with: direction, on: samples)
      }
    }
  }
}
