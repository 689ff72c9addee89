import Glibc
import ModelFiles
import Storage

/// Finds the run or the checkpoint that a command line names.
package struct RunLocator {
  /// The folder of all runs.
  package let checkpoints: String

  package init(checkpoints: String) { self.checkpoints = checkpoints }

  /// That something else stands where the folder of all runs would be, or one on the way to it; nil where nothing
  /// does.
  package var obstacle: RunFailure? {
    guard let obstacle = FilePaths.obstacle(toFolder: checkpoints) else { return nil }
    let what =
      obstacle == FilePaths.absolute(checkpoints) ? "this" : "\(obstacle), on the way there,"
    return .commandLine(
      "\(checkpoints): \(what) is a file, and runs lie in a folder; name that, or one that is to be made"
    )
  }

  /// The run called `argument`: a folder with a manifest, or a name under the folder of all runs, such as
  /// that of a night, `NAME/2026-11-23T0230`; the name of a nightly job stands for its champion. Without
  /// one, the run whose manifest changed last.
  ///
  /// - Parameter kinds: what the command takes, for the message about a name that there is not.
  /// - Throws: `RunFailure.missing`.
  package func run(
    _ argument: String?, of kinds: [FolderKind] = [.run]
  ) throws(RunFailure) -> RunFolder {
    guard let argument else { return try latest() }
    return try steady(argument) { () throws(RunFailure) in try runNow(argument, of: kinds) }
  }

  /// What `look` finds of what is called `argument`: a process that begins it anew moves its folder aside for a moment.
  package func steady<Found>(
    _ argument: String, _ look: () throws(RunFailure) -> Found
  ) throws(RunFailure) -> Found {
    let folders = [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ]
    return try SteadyLook(
      isAtWork: { folders.contains { FileLock.isHeld(path: $0.lock) } },
      files: { folders.map(\.path) }
    ).value(look)
  }

  /// What `run` finds at this moment.
  package func runNow(
    _ argument: String, of kinds: [FolderKind] = [.run]
  ) throws(RunFailure) -> RunFolder {
    for folder in [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ] where FilePaths.exists(folder.manifest) {
      return folder
    }
    if let job = job(argument) { return try champion(of: job) }
    try refuseOther(argument)
    if FilePaths.exists(argument) {
      throw .commandLine(
        "\(argument): this is a file; name the folder of a run\(Self.listed(names(besides: argument)))"
      )
    }
    let what = kinds.map { "a \($0.rawValue)" }.joined(separator: " or ")
    let names = names(besides: argument, of: kinds)
    throw .missing(
      path: argument,
      what: meant(
        by: argument, among: names + nights(of: argument),
        "name \(what) under \(checkpoints)\(Self.listed(names)), or the folder of one"))
  }

  /// The nightly job called `argument`: its folder, or its name; nil for none.
  package func job(_ argument: String) -> NightlyFolder? {
    [
      NightlyFolder(path: argument), NightlyFolder(checkpoints: checkpoints, name: argument),
    ].first(where: \.isThere)
  }

  /// Why what is in the folder called `argument` counts as no nightly job, though it has decided something; nil
  /// where it has not.
  package func jobWithoutNote(_ argument: String) -> RunFailure? {
    for job in [
      NightlyFolder(path: argument), NightlyFolder(checkpoints: checkpoints, name: argument),
    ] where !job.isThere && FilePaths.exists(job.decisions) {
      return .missing(
        path: job.note,
        what:
          "the rest of the nightly job is there, and the next night writes it again: ecpipe run "
          + "SCHEDULE --nightly")
    }
    return nil
  }

  /// The run called `argument` that has checkpoints and no manifest, which somebody has lost; nil for none, and for
  /// what is a study or a job.
  package func runWithoutManifest(_ argument: String) -> RunFolder? {
    [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ].first { folder in
      !FolderKind.allCases.contains { FilePaths.exists(folder.file($0.mark)) }
        && FilePaths.exists(folder.schedule) && folder.hasCheckpoints
    }
  }

  /// Why what is called `argument` is no nightly job though it is there: a run, a night or a study; nil for
  /// what is not there.
  package func otherThanJob(_ argument: String) -> RunFailure? {
    for folder in [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ] {
      if FilePaths.exists(folder.file(FolderKind.study.mark)) {
        return .invalid(
          "\(folder.path): this is a study and no nightly job; ecpipe compare shows it and goes on with it"
        )
      }
      guard FilePaths.exists(folder.manifest) else { continue }
      let job = NightlyFolder(path: FilePaths.folder(of: folder.path))
      if job.isThere {
        return .invalid(
          "\(folder.path): this is one night of the job \(job.name); name the job: "
            + ShellWord.quoted(job.path))
      }
      return .invalid(
        "\(folder.path): this is a run and no nightly job, so no night has decided anything; ecpipe status "
          + "\(ShellWord.quoted(argument)) shows it, and ecpipe run SCHEDULE --nightly begins a job, from a "
          + "schedule with a nightly: block")
    }
    return nil
  }

  /// The night of `job` whose network is in service; before there is one, the last night.
  private func champion(of job: NightlyFolder) throws(RunFailure) -> RunFolder {
    guard let night = job.linkedNight ?? job.nights.last else {
      throw .missing(
        path: job.champion, what: "no night has come to a network yet; its log is \(job.log)")
    }
    return job.night(night)
  }

  /// The checkpoint called `argument`: a file, or a run, which stands for its result.
  ///
  /// - Throws: `RunFailure.missing`.
  package func checkpoint(_ argument: String) throws(RunFailure) -> String {
    try steady(argument) { () throws(RunFailure) in try checkpointNow(argument) }
  }

  private func checkpointNow(_ argument: String) throws(RunFailure) -> String {
    if FilePaths.exists(argument), !FilePaths.isFolder(argument) {
      guard !NamedFile(argument).isStream else {
        throw .invalid(
          "\(argument): this is no regular file but a pipe or a device; write the model to a file first"
        )
      }
      return argument
    }
    for folder in [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ] where FilePaths.exists(folder.result) {
      return folder.result
    }
    if let job = job(argument) { return try result(of: champion(of: job)) }
    // A run that goes on may have come to its first result since that was looked for.
    if let run = try? runNow(argument) { return try result(of: run) }
    try refuseOther(argument)
    let names = names(besides: argument, having: \.result)
    throw .missing(
      path: argument,
      what: meant(
        by: argument, among: names + nights(of: argument) + Self.models(beside: argument),
        "name a run with a result\(Self.listed(names)), or a model's file: " + ModelFormats.names))
  }

  /// Studies, and schedules, are told apart from what is not there.
  private func refuseOther(_ argument: String) throws(RunFailure) {
    if let lost = lostManifest(argument) { throw lost }
    for path in [argument, RunFolder(checkpoints: checkpoints, name: argument).path]
    where FilePaths.exists(path + "/" + FolderKind.study.mark) {
      throw .invalid(
        "\(path): this is the folder of a study, which has no stages; its results are in "
          + "\(path)/results.csv and report.html, and ecpipe compare goes on with it")
    }
    if let lost = jobWithoutNote(argument) { throw lost }
    if FilePaths.isFolder(argument) {
      throw .missing(
        path: RunFolder(path: argument).manifest,
        what: "the folder \(argument) holds no run; name the folder of one, or a model's file")
    }
    if FilePaths.exists(argument), argument.hasSuffix(".yaml") || argument.hasSuffix(".yml") {
      throw .commandLine(
        "\(argument): this is a schedule or a study; name the folder under \(checkpoints) that it has "
          + "made, which has its name")
    }
  }

  private func latest() throws(RunFailure) -> RunFolder {
    var best: (modified: Int, folder: RunFolder)?
    for name in FilePaths.entries(of: checkpoints) {
      var folder = RunFolder(checkpoints: checkpoints, name: name)
      let job = NightlyFolder(checkpoints: checkpoints, name: name)
      if let night = job.nights.last { folder = job.night(night) }
      guard let stamp = FileStamp(path: folder.manifest) else { continue }
      let modified = max(stamp.modified, FileStamp(path: folder.journal)?.modified ?? .min)
      if modified > best?.modified ?? .min { best = (modified, folder) }
    }
    guard let best else {
      throw .missing(
        path: checkpoints, what: "there is no run here yet; start one with ecpipe run SCHEDULE")
    }
    return best.folder
  }
}
