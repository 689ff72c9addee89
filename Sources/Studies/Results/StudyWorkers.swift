import Runs
import Storage

// MARK: What workers leave that share a study

extension StudyLayout {
  /// The longest pause between two signs of life of a worker.
  static let longestPause = Duration.seconds(15)
}

extension WorkFolder where Layout == StudyLayout {
  /// The names of all workers that there ever were, in a fixed order.
  package var workerNames: [String] { FilePaths.entries(of: workers).sorted() }

  /// The journals of the process that has the study alone, and of all workers.
  var journals: [String] {
    [cells] + workerNames.map(journal(ofWorker:)).filter { !FilePaths.isFolder($0) }
  }

  /// Where a folder stands in the place of a worker's journal; nobody reads it.
  var misplacedJournals: [String] {
    workerNames.map(journal(ofWorker:)).filter(FilePaths.isFolder)
  }

  /// The folder of the worker called `name`.
  func file(ofWorker name: String) -> String { workers + "/" + name }

  /// The results of the cells that it has measured.
  func journal(ofWorker name: String) -> String { file(ofWorker: name) + "/" + layout.cells }

  /// What it began, ended and failed at.
  func events(ofWorker name: String) -> String { file(ofWorker: name) + "/" + layout.events }

  /// Its sign of life: a number that goes up.
  func heartbeat(ofWorker name: String) -> String { file(ofWorker: name) + "/heartbeat" }

  /// A look at the study, beside whoever measures it, and at `files` of it.
  func look(_ files: [String] = []) -> SteadyLook {
    SteadyLook(
      isAtWork: { FileLock.isHeld(path: lock) || !aliveWorkers.isEmpty },
      files: { [path] + files + journals })
  }

  /// The workers that have shown a sign of life lately, by the clocks of this machine and of that which has the
  /// folder: for people, nothing depends on it.
  var aliveWorkers: [String] {
    workerNames.filter { name in
      guard let stamp = FileStamp(path: heartbeat(ofWorker: name)) else { return false }
      return abs(stamp.age) < 4 * StudyLayout.longestPause.seconds
    }
  }
}
