import Storage

/// Why a command could not do its work; every case belongs to one exit code.
package enum RunFailure: Error, Equatable {
  /// The loss stopped being a number in `stage`.
  case diverged(stage: String, epoch: Int, step: Int, learningRate: Double)
  /// Weights or the loss were not finite after `stage`.
  case notFinite(stage: String)
  /// Interrupted after saving; `command` goes on.
  case interrupted(stage: String, command: String)
  /// The stored file `file` is not what was written; `reason` names the entry.
  case damaged(file: String, reason: String)
  /// The data differ from those that the interrupted `stage` was trained on, or, without one, from
  /// those of the run that was to be resumed.
  case dataChanged(run: String, stage: String?)
  /// The model in `file` was made with another processor, library or engine, and the same are demanded.
  case fingerprintChanged(file: String, differences: [String])
  /// `stage` may write what is `needed` below `folder`, where `free` bytes are left.
  case noSpace(folder: String, stage: String, needed: StageFootprint, free: Int)
  /// The recorded inputs of a run or a file asked for do not exist.
  case missing(path: String, what: String)
  /// The command line names what there is not; the text says what, where and what to do.
  case commandLine(String)
  /// What was asked for cannot be done; the text says what, where and what to do.
  case invalid(String)
  /// The stage could not be computed; the text says why.
  case failed(stage: String, reason: String)

  /// The documented exit code.
  package var exitCode: Int32 {
    switch self {
    case .diverged, .notFinite, .failed, .noSpace: 1
    case .damaged: 11
    case .commandLine: 64
    case .dataChanged, .fingerprintChanged, .invalid: 65
    case .missing: 66
    case .interrupted: 75
    }
  }
}

extension RunFailure {
  /// Whether the weights or the loss of the stage called `name` stopped being numbers.
  package func isDivergence(of name: String) -> Bool {
    switch self {
    case .diverged(let stage, _, _, _), .notFinite(let stage): stage == name
    default: false
    }
  }
}

extension RunFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .diverged(let stage, let epoch, let step, let learningRate):
      "stage \(stage): the loss is not a number at epoch \(epoch), step \(step), learning rate "
        + "\(learningRate); the checkpoints before it are kept; lower the learning rate or clip "
        + "the gradient (clip: {norm: 1})"
    case .notFinite(let stage):
      "stage \(stage): the network is not finite at its end; the checkpoints before it are kept; "
        + "lower the learning rate or clip the gradient (clip: {norm: 1})"
    case .interrupted(let stage, let command):
      "interrupted in stage \(stage); all is saved; go on with: \(command)"
    case .damaged(let file, let reason):
      "\(file): damaged: \(reason)"
    case .dataChanged(let run, let stage):
      "\(run): the data have changed since "
        + (stage.map { "stage \($0) was interrupted" } ?? "the run began")
        + "; put the old data back, or start over with --fresh"
    case .fingerprintChanged(let file, let differences):
      "\(file): made with another processor, library or engine ("
        + differences.joined(separator: "; ")
        + "), so what is computed from it may have other bits than an uninterrupted run; go on "
        + "without --strict, go on where it was made, or start over with --fresh"
    case .noSpace(let folder, let stage, let needed, let free):
      "\(folder): stage \(stage) may need \(NumberText.bytes(needed.bytes)) there (\(needed)), "
        + "\(NumberText.bytes(free)) are free; make space and run the same command again"
    case .missing(let path, let what):
      "\(path): no such file; \(what)"
    case .commandLine(let text), .invalid(let text): text
    case .failed(let stage, let reason): "stage \(stage): \(reason)"
    }
  }
}
