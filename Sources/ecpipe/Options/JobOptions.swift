import ArgumentParser
import Nightly
import Reports
import Runs
import Schedules
import Storage

/// The nightly job that a command is about.
struct JobOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A nightly job's name or folder.", valueName: "job"), completion: .jobs)
  var name: String

  @OptionGroup var folders: FolderOptions

  /// - Throws: `RunFailure.missing`, `.invalid` for what is no job.
  var folder: NightlyFolder {
    get throws(RunFailure) {
      if let job = folders.locator.job(name) { return job }
      if let lost = folders.locator.jobWithoutNote(name) { throw lost }
      if let other = folders.locator.otherThanJob(name) { throw other }
      if FilePaths.exists(name), !FilePaths.isFolder(name) {
        throw .commandLine("\(name): this is a file; name the folder of a nightly job")
      }
      let jobs = folders.locator.names(besides: name, of: [.nightly])
      throw .missing(
        path: name,
        what: folders.locator.meant(
          by: name, among: jobs,
          "name a nightly job under \(folders.folder); one begins with ecpipe run SCHEDULE --nightly"
        ))
    }
  }
}

extension JobOptions {
  /// Changes which network is in service, tells of it, and prints what has become of it: `outcome`.
  func change(
    _ threads: ThreadOptions, _ output: OutputOptions, _ outcome: String,
    _ make: (ServiceChange, NightlyFolder) throws -> Decision
  ) throws {
    let folder = try folder
    var said: [String] = []
    let change = ServiceChange(folder, pool: try threads.pool, surroundings: .process) {
      said.append($0)
    }
    let decision = try make(change, folder)
    folder.tell(of: decision)
    try output.print(
      .object(decision.json),
      or: said + ["\(folder.name): the network of \(decision.night) is \(outcome)"])
  }
}

extension NightlyFolder {
  /// Writes in the log what somebody has done by hand, calls the command of the schedule, and writes the page.
  func tell(of decision: Decision) {
    let log = NightLog(path: FilePaths.absolute(self.log), hidden: HiddenAddress.masked)
    let news = ServiceNews(self, surroundings: .process, environment: Output.environment) { line in
      log.line(line)
      if line.hasPrefix("warning: ") { Output.warning(String(line.dropFirst(9))) }
    }
    news.tell(of: decision) { $0.json }
    renewReport(Output.warning)
  }

  /// Writes the page of the job anew; that it cannot be written is no more than a warning.
  func renewReport(_ warn: (String) -> Void) {
    do {
      try JobPage.write(self)
    } catch {
      warn("\(error)")
    }
  }
}
