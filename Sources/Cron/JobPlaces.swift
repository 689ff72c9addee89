import Programs
import Storage

/// All places that can start the jobs of one account.
package struct JobPlaces: Sendable {
  private let account: Account
  package let crontab: CrontabProgram

  package init(_ account: Account) {
    self.account = account
    crontab = CrontabProgram(account)
  }

  /// The units of the system's or of the user's systemd.
  package func units(of place: JobPlace) -> UnitFolder { UnitFolder(account, place) }

  // MARK: Choosing

  /// The systemd whose units the account may write: the system's for the administrator, else the user's.
  ///
  /// - Parameter isUser: whether it is to be the user's in any case.
  package func systemd(isUser: Bool) -> JobPlace { isUser || !account.isRoot ? .user : .system }

  /// Where a job goes when nobody says it: to systemd where one answers, else to the crontab.
  package func best(isUser: Bool) -> JobPlace {
    let place = systemd(isUser: isUser)
    return Systemctl(account, place).answers ? place : .crontab
  }

  // MARK: What is installed

  /// The jobs in `place`; none where there is no program `crontab`.
  ///
  /// - Throws: `CronError`, `ProgramError`.
  package func jobs(in place: JobPlace) throws -> [InstalledJob] {
    switch place {
    case .crontab:
      do {
        return try crontab.read().jobs
      } catch CronError.missingProgram {
        return []
      }
    case .system, .user: return units(of: place).jobs
    }
  }

  /// Makes sure that `job` in `place` is no second one of its name: that would run the same night twice,
  /// or two schedules into one folder. A job whose schedule is gone may be replaced.
  ///
  /// - Throws: `CronError`, `ProgramError`.
  package func demandFree(_ job: NightlyJob, in place: JobPlace) throws {
    for other in JobPlace.allCases {
      // What is wrong with another place is not in the way of this one.
      let jobs = other == place ? try self.jobs(in: other) : (try? self.jobs(in: other)) ?? []
      for present in jobs where present.name == job.name {
        if other == place, present.schedule == job.schedule || !present.hasSchedule { continue }
        throw CronError.taken(name: job.name, place: other, schedule: present.schedule)
      }
    }
  }
}
