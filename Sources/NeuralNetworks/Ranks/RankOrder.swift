import Engine
import NumericCore

/// What rank 0 has the others do: it alone reads, decides, writes and talks.
enum RankOrder {
  /// Keep these data beside the others, up to `RankOrder.mostData` of them, the latest last: no other rank reads
  /// data, so none can see others.
  case data(SampleSet)
  /// Keep rows of inputs, which rank 0 hands out next, as long as the job lasts.
  case shard(rows: Int, columns: Int)
  /// Keep data of which the inputs are one of these.
  case shardedData(shard: Int, SampleSet.Targets)
  /// Send rank 0 what there is of these rows of one of them.
  case fetch(shard: Int, rows: ArraySlice<Int32>)
  /// Prepare the steps of a training on data that are kept, from a start that follows (`ChainStart`).
  case begin(ChainSetup, data: Int)
  /// Take a step on these rows of the data; its number, by which dropout draws, counts from the first epoch's
  /// first.
  case step(rows: ArraySlice<Int32>, rule: UpdateRule, number: Int)
  /// Give back the moments.
  case collectMoments
  /// Take part in a pass over samples.
  case pass(PassOrder)
  /// Take part in a fit.
  case fit(FitOrder)
  /// Refit some rows of a layer.
  case regress(RegressionOrder)
  /// No further order follows.
  case end

  init(_ message: inout RankMessage) {
    switch message.read(UInt8.self) {
    case 0:
      let inputs = message.readMatrix()
      self = .data(SampleSet(inputs: inputs, targets: message.readTargets()))
    case 1:
      let data = message.read(Int.self)
      self = .begin(ChainSetup(&message), data: data)
    case 2:
      self = .step(
        rows: message.readArray(Int32.self)[...], rule: message.read(), number: message.read())
    case 3: self = .collectMoments
    case 4: self = .pass(PassOrder(&message))
    case 5: self = .fit(FitOrder(&message))
    case 6: self = .shard(rows: message.read(), columns: message.read())
    case 7: self = .shardedData(shard: message.read(), message.readTargets())
    case 8: self = .fetch(shard: message.read(), rows: message.readArray(Int32.self)[...])
    case 9: self = .regress(RegressionOrder(&message))
    default: self = .end
    }
  }

  var message: RankMessage {
    var message = RankMessage()
    switch self {
    case .data(let samples):
      message.write(UInt8(0))
      message.write(samples.inputs)
      message.write(samples.targets)
    case .begin(let setup, let data):
      message.write(UInt8(1))
      message.write(data)
      setup.write(to: &message)
    case .step(let rows, let rule, let number):
      message.write(UInt8(2))
      message.write(rows)
      message.write(rule)
      message.write(number)
    case .collectMoments: message.write(UInt8(3))
    case .pass(let pass):
      message.write(UInt8(4))
      pass.write(to: &message)
    case .fit(let fit):
      message.write(UInt8(5))
      fit.write(to: &message)
    case .shard(let rows, let columns):
      message.write(UInt8(6))
      message.write(rows)
      message.write(columns)
    case .shardedData(let shard, let targets):
      message.write(UInt8(7))
      message.write(shard)
      message.write(targets)
    case .fetch(let shard, let rows):
      message.write(UInt8(8))
      message.write(shard)
      message.write(rows)
    case .regress(let regression):
      message.write(UInt8(9))
      regression.write(to: &message)
    case .end: message.write(UInt8(10))
    }
    return message
  }

  /// Data sets that ranks keep: those to train, to validate and to score weights on.
  static let mostData = 3
}

extension RankMessage {
  fileprivate mutating func write(_ targets: SampleSet.Targets) {
    switch targets {
    case .labels(let labels):
      write(true)
      write(labels)
    case .values(let values):
      write(false)
      write(values)
    }
  }

  fileprivate mutating func readTargets() -> SampleSet.Targets {
    read(Bool.self) ? .labels(readArray(Int32.self)) : .values(readMatrix())
  }
}

extension [SampleSet] {
  /// Adds data as every rank does; what has been there longest goes.
  mutating func keep(_ samples: SampleSet) {
    if count == RankOrder.mostData { removeFirst() }
    append(samples)
  }
}
