import ModelFiles
import Schedules
import Storage

/// The network that the run begins with, where another run has computed it.
extension RunSession {
  /// Where the file of `start` lies.
  func startFile(_ start: StartingModel) -> String {
    FilePaths.resolve(start.path.value, in: NamedFile(schedulePath).folder)
  }

  /// Notes in the run whose checkpoint this one begins with that it does, so that `gc` leaves that there.
  ///
  /// - Returns: a warning where it cannot be noted.
  /// - Throws: `RunFailure.missing` where the checkpoint is gone by now.
  func noteStart() throws(RunFailure) -> String? { try startNote?.write() }

  /// What should be known where that is noted no more; nil where it is, or where nothing is to be noted.
  var lostStartNote: String? {
    guard let pins = startNote?.pinsWithoutIt, let file = schedule.model.start.map(startFile) else {
      return nil
    }
    return
      "\(pins): nothing notes that this run begins with \(FilePaths.name(of: file)); ecpipe run notes it "
      + "again; until then ecpipe gc there may let that go"
  }

  private var startNote: CheckpointNote? {
    schedule.model.start.flatMap {
      CheckpointNote(startAt: startFile($0), of: folder.path, time: options.surroundings.now())
    }
  }
}

extension ScheduleError {
  /// The same, with the command that puts it back where the model that is not there was a run's checkpoint.
  func tellingRestoration() -> ScheduleError {
    guard case .invalid(let file, let problems) = self else { return self }
    return .invalid(
      file: file,
      problems: problems.map { problem in
        guard case .value(.missingModel(let path, nil)) = problem.fault,
          let remedy = Self.restoration(of: path)
        else { return problem }
        return ScheduleProblem(
          problem.position, path: problem.path, .value(.missingModel(path, remedy: remedy)))
      })
  }

  /// How the checkpoint `path` is put back; nil where no run knows it.
  private static func restoration(of path: String) -> String? {
    let folder = RunFolder(path: FilePaths.folder(of: path))
    guard let ending = CheckpointName.ending(of: FilePaths.name(of: path)),
      let manifest = try? CheckpointStore.soundManifest(of: folder).manifest,
      let record = manifest.stages.last(where: {
        $0.kind.changesModel && $0.sha256 != nil && CheckpointName.ending(key: $0.key) == ending
      })
    else { return nil }
    return "it was the checkpoint of stage \(record.name), and ecpipe replay "
      + "\(ShellWord.quoted(record.name)) \(ShellWord.quoted(folder.path)) --restore puts it back"
  }
}
