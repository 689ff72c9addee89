import Runs
import Storage

extension RunLocator {
  /// A run or a study, for commands that take either.
  package enum Work: Sendable {
    case run(RunFolder)
    case study(StudyFolder)
  }

  /// The run or study called `argument`: a folder, or a name under the folder of all; without one, the
  /// latest run, or, where there is none, the latest study.
  ///
  /// - Throws: `RunFailure.missing`.
  package func work(_ argument: String?) throws(RunFailure) -> Work {
    if let argument {
      return try steady(argument) { () throws(RunFailure) in
        if let study = study(argument) { return .study(study) }
        return .run(try runNow(argument, of: [.run, .study]))
      }
    }
    do {
      return .run(try run(nil))
    } catch {
      guard let study = latestStudy else { throw error }
      return .study(study)
    }
  }

  /// The study called `argument`; nil where there is none.
  package func study(_ argument: String) -> StudyFolder? {
    let places = [
      StudyFolder(path: argument), StudyFolder(checkpoints: checkpoints, name: argument),
    ]
    // One of both may be lost.
    return places.first { FilePaths.exists($0.study) || FilePaths.exists($0.record) }
  }

  private var latestStudy: StudyFolder? {
    FilePaths.entries(of: checkpoints).compactMap { name -> (time: Int, folder: StudyFolder)? in
      let folder = StudyFolder(checkpoints: checkpoints, name: name)
      guard let stamp = FileStamp(path: folder.study) ?? FileStamp(path: folder.record) else {
        return nil
      }
      return (max(stamp.modified, FileStamp(path: folder.cells)?.modified ?? .min), folder)
    }.max { $0.time < $1.time }?.folder
  }
}
