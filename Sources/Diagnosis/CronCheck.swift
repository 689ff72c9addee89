import Cron
import Glibc
import Storage

/// Whether jobs of every night would be started, and would find what they need.
package struct CronCheck: Sendable {
  /// Where `crontab` is; nil where it is not installed.
  package var crontab: String?
  /// Daemons that start jobs, of those that run.
  package var daemons: [String]
  /// The path of this program.
  package var program: String
  package var jobs: [InstalledJob]
  /// Where `curl` is in cron's own search path; nil where it is not.
  package var curl: String?

  package init(
    crontab: String?, daemons: [String], program: String, jobs: [InstalledJob], curl: String?
  ) {
    self.crontab = crontab
    self.daemons = daemons
    self.program = program
    self.jobs = jobs
    self.curl = curl
  }

  /// Of this machine and account.
  ///
  /// - Parameters:
  ///   - program: the path of this program.
  ///   - variables: the environment.
  package init(program: String, variables: [String: String]) {
    self.program = program
    let folders = (variables["PATH"] ?? "") + ":" + NightlyJob.standardPath
    crontab = Self.find("crontab", in: folders)
    curl = Self.find("curl", in: NightlyJob.standardPath)
    daemons = Self.runningDaemons
    let places = JobPlaces(Account(variable: { variables[$0] }))
    // What cannot be asked has no jobs that could be looked at.
    jobs = JobPlace.allCases.flatMap { (try? places.jobs(in: $0)) ?? [] }
  }

  private static func find(_ name: String, in path: String) -> String? {
    path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static var runningDaemons: [String] {
    let known = ["cron", "crond", "fcron", "systemd"]
    var found: Set<String> = []
    for entry in FilePaths.entries(of: "/proc") where entry.allSatisfy(\.isNumber) {
      guard let name = KernelText.read("/proc/\(entry)/comm")?.filter({ $0 != "\n" }) else {
        continue
      }
      // A systemd of a user that is not the first process starts timers, too.
      if known.contains(name) { found.insert(name) }
    }
    return found.sorted()
  }

  package var findings: [Finding] { [starter, stability, path] + jobFindings }

  private var starter: Finding {
    let program = crontab.map { "crontab is \($0)" } ?? "crontab is not installed"
    if daemons.isEmpty {
      return .warning(
        .cron, "\(program); neither cron nor systemd is running, so no night would start",
        advice: "start one (service cron start) where there are nightly jobs"
          + (crontab == nil ? "; apt-get install cron" : ""))
    }
    let running = daemons.joined(separator: " and ") + (daemons.count == 1 ? " runs" : " run")
    if crontab == nil, daemons != ["systemd"] {
      return .warning(
        .cron, "\(program); \(running)", advice: "install crontab (apt-get install cron)")
    }
    return .ok(.cron, "\(program); \(running)")
  }

  private var stability: Finding {
    let passing = ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/"]
    if passing.contains(where: program.hasPrefix) || program.contains("/.build/") {
      return .warning(
        .cron,
        "this program is \(program); it may be gone, or have been built anew, when a night starts",
        advice: "copy it to a place of its own, such as /usr/local/bin, before cron install")
    }
    return .ok(.cron, "this program is \(program)")
  }

  private var path: Finding {
    let fact =
      "cron alone has PATH=/usr/bin:/bin; a job has the PATH of the shell that installed it"
    return curl == nil
      ? .warning(
        .cron, fact + "; curl is not there",
        advice: "pings of monitors need it (apt-get install curl)")
      : .ok(.cron, fact)
  }

  private var jobFindings: [Finding] {
    jobs.map { job in
      let name = "job \(job.name) in \(job.place.text)\(job.at.map { ", at \($0)" } ?? "")"
      if !job.hasProgram {
        return .problem(
          .cron, "\(name): its program \(job.program ?? "") is not there",
          advice: "install it again: ecpipe cron install \(job.schedule ?? "SCHEDULE")")
      }
      if !job.hasSchedule {
        return .problem(
          .cron, "\(name): its schedule \(job.schedule ?? "") is not there",
          advice: "put it back, or ecpipe cron remove \(job.name)")
      }
      return .ok(.cron, name)
    }
  }
}
