import Runs

/// What a plan is expected to take, in words.
package enum EstimateText {
  /// Seconds, memory and bytes of a stage, as a table has them.
  static func cells(of own: PlanEstimate.Stage, _ stage: PlannedStage) -> [String] {
    let writes = stage.kind.changesModel || own.bytes != nil
    return [
      own.seconds.map { Figures.fixed($0, 2) } ?? "–", mebibytes(own.memory),
      writes ? own.bytes.map(rounded) ?? "–" : "",
    ]
  }

  /// What all takes together, and what that is based on.
  ///
  /// - Parameter width: cells that a line may have; nil for as many as it takes.
  package static func lines(
    of estimate: PlanEstimate, _ basis: EstimateBasis, width: Int? = nil
  ) -> [String] {
    if basis.timings == 0 { return unknown(estimate, basis, width) }
    let all =
      "expected: \(estimate.isComplete ? "" : "at least ")\(time(estimate.seconds)), of which "
      + "\(parts(of: estimate)); \(mebibytes(estimate.memory)) MiB of memory at most; "
      + "\(rounded(estimate.bytes)) bytes on disk"
    let threads = Figures.count(basis.machine.threads, "thread")
    let machine =
      basis.machine.processor.isEmpty ? threads : "\(basis.machine.processor), \(threads)"
    var source = "based on \(Figures.count(basis.timings, "timing")) of this machine (\(machine))"
    if basis.measured > 0 {
      source +=
        ", \(basis.measured == basis.timings ? "all" : Figures.grouped(basis.measured)) made now in "
        + Figures.seconds(basis.seconds)
    }
    if let file = basis.file { source += "; they are kept in \(file)" }
    return [""]
      + [all, source].flatMap { text in
        width.map { WrappedText.lines(text, width: $0, indent: 2) } ?? [text]
      }
  }

  /// What takes time beside the stages.
  private static func parts(of estimate: PlanEstimate) -> String {
    let reading = estimate.readingSeconds.map { "\(time($0)) for reading the data, " } ?? ""
    let contest =
      estimate.contestSeconds > 0
      ? ", \(time(estimate.contestSeconds)) for comparing it with the network in service" : ""
    return "\(reading)\(time(estimate.writingSeconds)) for writing\(contest)"
  }

  private static func mebibytes(_ bytes: Int) -> String {
    Figures.grouped(Int((Double(bytes) / 1_048_576).rounded(.up)))
  }

  /// A time as a stage's, or, of a long one, coarsely.
  private static func time(_ seconds: Double) -> String {
    seconds < 90 ? Figures.seconds(seconds) : Figures.duration(seconds)
  }

  /// Where nothing is known of the machine, and nothing could be measured.
  private static func unknown(
    _ estimate: PlanEstimate, _ basis: EstimateBasis, _ width: Int?
  ) -> [String] {
    let threads = Figures.count(basis.machine.threads, "thread")
    let machine =
      basis.machine.processor.isEmpty ? threads : "\(basis.machine.processor), \(threads)"
    let sentences = [
      "expected: \(mebibytes(estimate.memory)) MiB of memory at most; seconds and bytes are not known",
      "there are no timings of this machine (\(machine)), and there is too little memory to make any",
    ]
    return [""]
      + sentences.flatMap { text in
        width.map { WrappedText.lines(text, width: $0, indent: 2) } ?? [text]
      }
  }

  /// A number to two digits: more are not known.
  private static func rounded(_ value: Int) -> String {
    var unit = 1
    while value / unit >= 100 { unit *= 10 }
    return Figures.grouped((value + unit / 2) / unit * unit)
  }
}
