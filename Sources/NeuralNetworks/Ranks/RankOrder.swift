import Engine
import NumericCore

/// What rank 0 has the others do: it alone reads, decides, writes and talks.
enum RankOrder {
  /// Train on these data from now on: no other rank reads data, so none can see others.
  case data(SampleSet)
  /// Prepare the steps of a training.
  case begin(ChainSetup)
  /// Take a step on these rows of the data; its number, by which dropout draws, counts from the first epoch's
  /// first.
  case step(rows: ArraySlice<Int32>, rule: UpdateRule, number: Int)
  /// Give back the moments.
  case collectMoments
  /// No further order follows.
  case end

  init(_ message: inout RankMessage) {
    switch message.read(UInt8.self) {
    case 0:
      let inputs = message.readMatrix()
      let targets: SampleSet.Targets =
        message.read(Bool.self)
        ? .labels(message.readArray(Int32.self)) : .values(message.readMatrix())
      self = .data(SampleSet(inputs: inputs, targets: targets))
    case 1: self = .begin(ChainSetup(&message))
    case 2:
      self = .step(
        rows: message.readArray(Int32.self)[...], rule: message.read(), number: message.read())
    case 3: self = .collectMoments
    default: self = .end
    }
  }

  var message: RankMessage {
    var message = RankMessage()
    switch self {
    case .data(let samples):
      message.write(UInt8(0))
      message.write(samples.inputs)
      switch samples.targets {
      case .labels(let labels):
        message.write(true)
        message.write(labels)
      case .values(let values):
        message.write(false)
        message.write(values)
      }
    case .begin(let setup):
      message.write(UInt8(1))
      setup.write(to: &message)
    case .step(let rows, let rule, let number):
      message.write(UInt8(2))
      message.write(rows)
      message.write(rule)
      message.write(number)
    case .collectMoments: message.write(UInt8(3))
    case .end: message.write(UInt8(4))
    }
    return message
  }
}
