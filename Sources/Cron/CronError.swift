import Storage

/// Why a job could not be installed, removed or listed; nothing was changed then, unless the case says so.
package enum CronError: Error, Equatable {
  /// What is wrong with a marked line in a crontab.
  package enum Damage: Sendable, Equatable {
    case beginWithoutEnd(String)
    case endWithoutBegin(String)
    case twice(String)
  }

  /// A name or a path has a line break or another control character in it.
  case unusable(String)
  /// A job's name makes a longer unit's name than systemd takes.
  case longName(String)
  /// The line of a crontab would be cut off by cron; `path` bytes of it are `PATH`.
  case tooLong(bytes: Int, path: Int)
  /// The markers in the crontab do not fit together.
  case damagedCrontab(line: Int, Damage)
  /// A program that is needed is not there.
  case missingProgram(String, instead: String)
  /// A program ended with an error; `state` says what stands as it is, or not.
  case failed(command: String, said: String, state: String)
  /// A job of that name is installed elsewhere, or for another schedule.
  case taken(name: String, place: JobPlace, schedule: String?)
  /// The crontab is larger than what is read of it.
  case hugeCrontab

  /// The documented exit code.
  package var exitCode: Int32 {
    switch self {
    case .failed: 1
    case .taken: 64
    case .unusable, .longName, .tooLong, .damagedCrontab, .hugeCrontab: 65
    case .missingProgram: 66
    }
  }
}

extension CronError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unusable(let text):
      "\(text.showingInvisible): a line that starts a job cannot hold a line break or another control "
        + "character; rename the file or the folder"
    case .longName(let name):
      "\(name): this name is too long for systemd, which writes most of its characters as four; "
        + "use --crontab, or give the schedule a shorter name"
    case .tooLong(let bytes, let path):
      "the line for the crontab has \(bytes) bytes, cron takes \(Crontab.longestCommand); use "
        + "--systemd, or shorter paths, or a shorter PATH, which takes \(path) of them: "
        + "PATH=/usr/local/bin:/usr/bin:/bin ecpipe cron install …"
    case .damagedCrontab(let line, let damage):
      "the crontab, line \(line): \(damage.text); mend it with crontab -e; nothing was changed"
    case .missingProgram(let name, let instead):
      "\(name): there is no such program in PATH; \(instead)"
    case .failed(let command, let said, let state):
      "\(command): \(said.isEmpty ? "it failed without a word" : said); \(state)"
    case .taken(let name, let place, let schedule):
      "\(name): a job of this name is installed in \(place.text)"
        + (schedule.map { " for \($0)" } ?? "")
        + "; take it out first (ecpipe cron remove \(name)), or give the schedule another name"
    case .hugeCrontab:
      "the crontab has more bytes than ecpipe reads; make it shorter with crontab -e, or use --systemd"
    }
  }
}

extension CronError.Damage {
  fileprivate var text: String {
    switch self {
    case .beginWithoutEnd(let name): "the job \(name) begins here and has no end"
    case .endWithoutBegin(let name): "the job \(name) ends here and has no beginning"
    case .twice(let name): "the job \(name) begins here a second time"
    }
  }
}
