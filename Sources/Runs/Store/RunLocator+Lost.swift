import Storage

/// What of a run is lost while the rest of it is there, for messages that say what puts it back.
extension RunLocator {
  /// That the manifest is lost of what `argument` names; nil where it is not.
  func lostManifest(_ argument: String) -> RunFailure? {
    guard let run = runWithoutManifest(argument) else { return nil }
    let remedy =
      run.jobOfNight.map { "ecpipe verify \(ShellWord.quoted($0.path)) says what helps" }
      ?? "ecpipe run with its schedule (a copy is \(run.schedule)) takes its checkpoints up and writes it "
      + "again; show, evaluate and export take the checkpoints by their files meanwhile"
    return .missing(path: run.manifest, what: "the rest of the run is there; \(remedy)")
  }

  /// The result of `run`.
  ///
  /// - Throws: `RunFailure.missing` where there is none, or what it leads to is gone, and what is wrong with
  ///   `run.json` where that cannot say it.
  func result(of run: RunFolder) throws(RunFailure) -> String {
    guard !FilePaths.exists(run.result) else { return run.result }
    let manifest: Manifest?
    do {
      manifest = try CheckpointStore.manifest(of: run)
    } catch let failure as RunFailure {
      throw failure
    } catch {
      throw .invalid("\(run.manifest): \(error)")
    }
    if let manifest, let lack = run.lackOfResult(manifest) {
      throw .missing(path: run.result, what: lack)
    }
    if let manifest, !manifest.stages.isEmpty,
      manifest.stages.allSatisfy({ !$0.kind.changesModel })
    {
      throw .invalid(
        "\(run.path): the run has made no model of its own, since its stages only measure; name the file "
          + "that it starts from")
    }
    throw .missing(
      path: run.result,
      what: "the run has no finished stage yet; go on with ecpipe resume "
        + ShellWord.quoted(run.path))
  }
}

extension WorkFolder where Layout == RunLayout {
  /// The job that the folder is a night of; nil for none.
  fileprivate var jobOfNight: NightlyFolder? {
    let job = NightlyFolder(path: FilePaths.folder(of: path))
    return job.isThere ? job : nil
  }

  /// That nothing is where the link to the result leads, and what to do; nil where something is, and where no
  /// stage of `manifest` has left a model that the link could lead to.
  package func lackOfResult(_ manifest: Manifest) -> String? {
    guard !FilePaths.exists(result),
      let last = manifest.stages.last(where: { $0.kind.changesModel && $0.file != nil })
    else { return nil }
    let what =
      FilePaths.linkTarget(result).map { "the link leads to \($0), which is gone" }
      ?? "the link to the last model is not there"
    if let job = jobOfNight {
      return "\(what); ecpipe verify \(ShellWord.quoted(job.path)) says what helps"
    }
    let file = last.isPresent(in: self) ? last.file.map(self.file) : nil
    return "\(what); ecpipe resume \(ShellWord.quoted(path)) puts it right"
      + (file.map { ", or name a checkpoint, such as \($0)" } ?? "")
  }
}
