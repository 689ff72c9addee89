import Glibc
import Storage

/// Finds the run or the checkpoint that a command line names.
package struct RunLocator {
  /// The folder of all runs.
  package let checkpoints: String

  package init(checkpoints: String) { self.checkpoints = checkpoints }

  /// The run called `argument`: a folder with a manifest, or a name under the folder of all runs;
  /// without one, the run whose manifest changed last.
  ///
  /// - Throws: `RunFailure.missing`.
  package func run(_ argument: String?) throws(RunFailure) -> RunFolder {
    guard let argument else { return try latest() }
    for folder in [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ] where FilePaths.exists(folder.manifest) {
      return folder
    }
    try refuseOther(argument)
    throw .missing(
      path: argument,
      what: "name a run under \(checkpoints)\(known(besides: argument)), or the folder of one")
  }

  /// The checkpoint called `argument`: a file, or a run, which stands for its result.
  ///
  /// - Throws: `RunFailure.missing`.
  package func checkpoint(_ argument: String) throws(RunFailure) -> String {
    if FilePaths.exists(argument), !FilePaths.isFolder(argument) { return argument }
    for folder in [
      RunFolder(path: argument), RunFolder(checkpoints: checkpoints, name: argument),
    ] where FilePaths.exists(folder.result) {
      return folder.result
    }
    if let run = try? run(argument) {
      throw .missing(
        path: run.result, what: "the run has no finished stage yet; go on with ecpipe run")
    }
    try refuseOther(argument)
    throw .missing(
      path: argument,
      what: "name a checkpoint (a .safetensors file of a run) or a run with a result"
        + known(besides: argument))
  }

  /// Studies, and schedules, are told apart from what is not there.
  private func refuseOther(_ argument: String) throws(RunFailure) {
    for path in [argument, RunFolder(checkpoints: checkpoints, name: argument).path]
    where FilePaths.exists(path + "/" + FolderKind.study.mark) {
      throw .invalid(
        "\(path): this is the folder of a study, which has no stages; its results are in "
          + "\(path)/results.csv and report.html, and ecpipe compare goes on with it")
    }
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
      let folder = RunFolder(checkpoints: checkpoints, name: name)
      guard let stamp = FileStamp(path: folder.manifest) else { continue }
      let modified = max(stamp.modified, FileStamp(path: folder.journal)?.modified ?? .min)
      if modified > best?.modified ?? .min { best = (modified, folder) }
    }
    guard let best else {
      throw .missing(path: checkpoints, what: "there is no run here yet; start one with ecpipe run")
    }
    return best.folder
  }

  /// The runs there are, for a message about one that there is not.
  private func known(besides argument: String) -> String {
    let names = FilePaths.entries(of: checkpoints).filter {
      $0 != argument && FilePaths.exists(RunFolder(checkpoints: checkpoints, name: $0).manifest)
    }
    return names.isEmpty ? "" : " (there is \(names.joined(separator: ", ")))"
  }
}
