import Runs
import Storage

/// What the log of a run says of its epochs and prunings, which the manifest does not: best effort, as the log
/// itself is.
package struct RunCurves: Sendable {
  /// An epoch of a stage.
  package struct Epoch: Sendable {
    package let number: Int
    package let trainingLoss: Double?
    package let validationLoss: Double?
  }

  /// More epochs of one stage than these are thinned out.
  private static let mostEpochs = 4000
  /// What is read of a line at once.
  private static let pieceBytes = 1 << 20
  private static let mostLineBytes = 16 << 20
  /// What is read of a log at most: of a longer one, its end.
  private static let mostBytes = 1 << 30
  private static let mostWarnings = 200

  /// Of each stage, the epochs that its result comes from, oldest first.
  package private(set) var epochs: [String: [Epoch]] = [:]
  /// The last epoch of each stage that is known of, thinned out or not.
  package private(set) var lastEpochs: [String: Int] = [:]
  /// What each stage was expected to take, as the log says last.
  private(set) var estimates: [String: PlanEstimate.Stage] = [:]
  /// What prunings have said of their compensation and refinement, by stage.
  private(set) var prunings: [String: JSONValue] = [:]
  /// The last ones.
  package private(set) var warnings: [String] = []
  /// What the log says of a stage that has been finished with one key.
  private struct Finished {
    let epochs: [Epoch]?
    let last: Int?
    let pruning: JSONValue?
  }

  /// By the key: stages of one name are computed by several settings.
  private var finished: [String: Finished] = [:]
  /// How much of the log has been read.
  private var position = 0

  package init() {}

  /// Reads on where it stopped in the log at `path`; what cannot be read is passed over.
  package mutating func read(_ path: String) {
    guard let file = try? OpenFile(path, limit: .max) else { return }
    if file.size < position { self = RunCurves() }
    position = max(position, file.size - Self.mostBytes)
    var rest: [UInt8] = []
    while position < file.size {
      let end = min(position + Self.pieceBytes, file.size)
      guard let piece = try? file.bytes(position..<end), !piece.isEmpty else { return }
      position += piece.count
      let all = rest + piece
      var start = 0
      while let lineBreak = all[start...].firstIndex(of: UInt8(ascii: "\n")) {
        add(all[start..<lineBreak])
        start = lineBreak + 1
      }
      rest = Array(all[start...])
      if rest.count > Self.mostLineBytes {
        // No event is that long: this is no log any more.
        position = file.size
        return
      }
    }
    // A line that is being written is read next time.
    position -= rest.count
  }

  /// The same, where each stage of `plan` that has been finished is told of as it was then, also where one of its
  /// name was computed by other settings since.
  package func settled(on plan: Plan) -> RunCurves {
    var own = self
    for stage in plan.stages {
      guard let then = finished[stage.key] else { continue }
      own.epochs[stage.name] = then.epochs
      own.lastEpochs[stage.name] = then.last
      own.prunings[stage.name] = then.pruning
    }
    return own
  }

  /// Members are sorted, so that the first tells lines apart which are of no use here.
  private static let useful = [
    "{\"epoch\":", "{\"event\":\"weights_pruned\"", "{\"event\":\"warning\"",
    "{\"event\":\"estimated\"", "{\"event\":\"stage_finished\"",
  ]
  .map { Array($0.utf8) }

  private mutating func add(_ line: ArraySlice<UInt8>) {
    guard Self.useful.contains(where: { line.starts(with: $0) }),
      let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
    else { return }
    let stage = json["stage"]?.stringValue ?? ""
    switch event {
    case "epoch_finished": addEpoch(json, of: stage)
    case "weights_pruned":
      prunings[stage] = [
        "compensation": json["report"]?["compensation"] ?? .null,
        "refinement": json["report"]?["refinement"] ?? .null,
      ]
    case "stage_finished":
      guard let key = json["record"]?["key"]?.stringValue else { return }
      finished[key] = Finished(
        epochs: epochs[stage], last: lastEpochs[stage], pruning: prunings[stage])
    case "estimated":
      guard let estimate = json["plan"].flatMap({ try? PlanEstimate(json: $0) }) else { return }
      for stage in estimate.stages { estimates[stage.name] = stage }
    case "warning":
      warnings.append(json["text"]?.stringValue ?? "")
      if warnings.count > Self.mostWarnings { warnings.removeFirst() }
    default: break
    }
  }

  private mutating func addEpoch(_ json: JSONValue, of stage: String) {
    guard let number = json["epoch"]?.intValue else { return }
    var own = epochs[stage] ?? []
    // A stage that began anew, or went on from where it was saved, takes the place of what came behind that.
    while let last = own.last, last.number >= number { own.removeLast() }
    own.append(
      Epoch(
        number: number, trainingLoss: json["training_loss"]?.doubleValue,
        validationLoss: json["validation"]?["loss"]?.doubleValue))
    if own.count > Self.mostEpochs {
      own = own.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
    epochs[stage] = own
    lastEpochs[stage] = number
  }
}
