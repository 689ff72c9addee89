import Runs

/// How long a stage and the whole job will still take, at the speed so far.
///
/// Epochs to come count what the last ones took, other stages what the last of their kind took. Of what was
/// not seen yet nothing is known: other stages then count nothing, and without any epoch there is no answer.
package struct JobClock {
  /// What is not begun.
  private var open: [StageLoad]
  private var secondsPerEpoch: Double?
  private var secondsPerStage: [StageKind: Double] = [:]
  /// The stage that is under way.
  private var current: Stage?

  private struct Stage {
    let load: StageLoad
    let began: Double
    /// The first share that was told, and when: what an earlier call has done is not of this speed.
    var first: (share: Double, at: Double)?
    var last: (share: Double, at: Double)?
  }

  /// Seconds of a stage before its speed is taken for one.
  private static let warmUp = 0.3

  package init(_ loads: [StageLoad]) { open = loads }

  /// Notes that a stage begins.
  package mutating func began(_ stage: StageReference, epochs: Int?, at time: Double) {
    open.removeAll { $0.name == stage.name }
    let load = StageLoad(name: stage.name, kind: stage.kind, epochs: epochs)
    // Stages with a share begin with none, unless they say something else when they go on.
    current = Stage(load: load, began: time, first: (0, time), last: nil)
  }

  /// Notes that the stage under way goes on from what was done of it before.
  package mutating func resumed() { current?.first = nil }

  /// Notes how much of the stage under way is done, from 0 to 1.
  package mutating func advanced(to share: Double, at time: Double) {
    if current?.first == nil { current?.first = (share, time) }
    current?.last = (share, time)
    guard let stage = current, let epochs = stage.load.epochs, let pace = pace(of: stage) else {
      return
    }
    secondsPerEpoch = pace / Double(max(epochs, 1))
  }

  /// Notes that a stage has taken so many seconds.
  package mutating func finished(_ stage: StageReference, seconds: Double) {
    open.removeAll { $0.name == stage.name }
    if current?.load.name == stage.name { current = nil }
    secondsPerStage[stage.kind] = seconds
  }

  /// Seconds that the stage under way will take; nil where nobody knows.
  package func stageLeft(at time: Double) -> Double? {
    guard let stage = current, let pace = pace(of: stage), let last = stage.last else { return nil }
    return max(0, pace * (1 - last.share) - (time - last.at))
  }

  /// Seconds that all will take; nil where nobody knows, as before a search has ended.
  package func jobLeft(at time: Double) -> Double? {
    if open.contains(where: \.isOpen) || current?.load.isOpen == true { return nil }
    var left = 0.0
    if let stage = current {
      if let own = stageLeft(at: time) {
        left += own
      } else if stage.load.epochs != nil {
        return nil
      } else {
        guard let known = secondsPerStage[stage.load.kind] else { return nil }
        left += max(0, known - (time - stage.began))
      }
    }
    for load in open {
      if let epochs = load.epochs {
        guard let secondsPerEpoch else { return nil }
        left += Double(epochs) * secondsPerEpoch
      } else {
        left += secondsPerStage[load.kind] ?? 0
      }
    }
    return left
  }

  /// Whether anything comes behind the stage under way.
  package var hasMore: Bool { !open.isEmpty }

  /// Seconds that the whole of `stage` takes at its speed.
  private func pace(of stage: Stage) -> Double? {
    guard let first = stage.first, let last = stage.last, last.share > first.share,
      last.at - first.at >= Self.warmUp
    else { return nil }
    return (last.at - first.at) / (last.share - first.share)
  }
}

/// Samples a second over the last seconds.
package struct SpeedMeter {
  /// Seconds that count.
  private static let window = 5.0

  private var points: [(time: Double, samples: Int)] = []

  package init() {}

  /// Notes that so many samples have been taken by `time`.
  package mutating func note(_ samples: Int, at time: Double) {
    points.append((time, samples))
    while points.count > 2, time - points[1].time > Self.window { points.removeFirst() }
  }

  /// Samples a second; nil before two were told.
  package var rate: Double? {
    guard let first = points.first, let last = points.last, last.time - first.time >= 0.1 else {
      return nil
    }
    return Double(last.samples - first.samples) / (last.time - first.time)
  }
}
