import NeuralNetworks
import Runs
import Storage

/// What is known of the stage that is under way.
struct CurrentStage {
  let stage: StageReference
  private let epochs: Int?
  private var advance: StageAdvance?
  /// Of the last epoch, or of the present one as far as it goes.
  private var loss: Double?
  private var validation: Metrics?
  private var speed = SpeedMeter()

  init(_ stage: StageReference, epochs: Int?) {
    self.stage = stage
    self.epochs = epochs
  }

  /// Share of the stage that is done, where it is known.
  var share: Double? { advance?.share }

  /// Notes how far the stage is by `time`.
  mutating func take(_ advance: StageAdvance, at time: Double) {
    self.advance = advance
    guard case .epochs(let training) = advance else { return }
    if let loss = training.loss { self.loss = loss }
    speed.note(training.allSamples, at: time)
  }

  /// Notes what the last of the stage's `epochs` came to.
  mutating func take(_ report: EpochReport, of epochs: Int) {
    loss = report.trainingLoss
    validation = report.validation
    var (range, samples) = (0..<epochs, 1)
    if case .epochs(let known) = advance { (range, samples) = (known.range, known.samplesPerEpoch) }
    advance = .epochs(
      EpochAdvance(
        done: report.epoch, epochs: epochs, range: range, samples: 0, samplesPerEpoch: samples,
        loss: loss))
  }

  /// The fields of the line that says how far the stage is.
  func fields(_ clock: JobClock, at time: Double, showsBar: Bool) -> [StatusLine.Field] {
    var fields = [StatusLine.Field(.position, Self.position(of: stage)), .init(.name, stage.name)]
    if let share = advance?.share ?? epochs.map({ _ in 0 }) {
      fields.append(
        showsBar ? .init(barUpTo: share) : .init(.share, Figures.percent(share, 0)))
    }
    if let place = advance?.place { fields.append(.init(.epoch, place)) }
    if let loss { fields.append(.init(.loss, "loss \(Figures.loss(loss))")) }
    if let validation { fields.append(.init(.metric, Figures.quality(validation))) }
    if let rate = speed.rate { fields.append(.init(.speed, "\(Figures.rate(rate)) samples/s")) }
    let (own, all) = (clock.stageLeft(at: time), clock.jobLeft(at: time))
    if let own, clock.hasMore { fields.append(.init(.stageLeft, "stage \(Figures.duration(own))")) }
    if let all { fields.append(.init(.jobLeft, "\(Figures.duration(all)) left")) }
    return fields
  }

  /// `[ 3/12]`.
  static func position(of stage: StageReference) -> String {
    let total = String(stage.of)
    return "[\(String(stage.position).indented(to: total.count))/\(total)]"
  }
}

/// What is said of a stage that has ended.
enum FinishedStage {
  /// The fields of its line.
  static func fields(_ stage: StageReference, _ record: StageRecord) -> [StatusLine.Field] {
    var fields: [StatusLine.Field] = [
      .init(.position, CurrentStage.position(of: stage)), .init(.name, stage.name),
      .init(.weights, "\(Figures.grouped(record.weights)) weights"),
    ]
    for part in record.metrics {
      fields.append(.init(.loss, "\(part.part) loss \(Figures.loss(part.metrics.loss))"))
      let quality = Figures.quality(part.metrics)
      fields.append(.init(.metric, record.metrics.count > 1 ? "\(part.part) \(quality)" : quality))
    }
    for file in record.files {
      fields.append(.init(.files, "\(file.path): \(Figures.grouped(file.bytes)) bytes"))
    }
    if let recovery = record.recovery {
      let epochs = Figures.count(recovery.epochs, "epoch")
      fields.append(
        .init(
          .recovery, recovery.recovered ? "recovered after \(epochs)" : "not recovered in \(epochs)"
        ))
    }
    return fields + [.init(.seconds, Figures.seconds(record.wallClockSeconds))]
  }
}

extension StageAdvance {
  /// Where a stage is, in words; nil where nobody knows.
  var place: String? {
    switch self {
    case .epochs(let training):
      // The one that it is in, or the last one.
      let epoch = min(training.done + (training.samples > 0 ? 1 : 0), training.epochs)
      return "epoch \(epoch)/\(training.epochs)"
    case .steps(let done, let all): return "step \(done)/\(all)"
    case .working: return nil
    }
  }
}
