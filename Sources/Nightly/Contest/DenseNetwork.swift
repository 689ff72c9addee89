import NeuralNetworks
import Runs
import Storage

/// What the network of a night was before its first pruning. A night that began with the network of another
/// one, which is pruned already, has that of the other.
struct DenseNetwork {
  /// Where it comes from: "stage train".
  let origin: String
  let state: ModelState

  /// Nil where nothing was pruned, or the network before that is not kept.
  ///
  /// - Parameter startingModel: what the night's run began with; nil for a random network.
  init?(of night: String, in job: NightlyFolder, _ startingModel: ModelState?) {
    var night = night
    var seen: Set<String> = []
    while let start = NightNote(in: job.night(night))?.start, seen.insert(night).inserted {
      night = start
    }
    let run = job.night(night)
    guard let manifest = try? CheckpointStore.soundManifest(of: run).manifest,
      let file = FilePaths.linkTarget(run.result).map({ FilePaths.name(of: $0) }),
      let result = manifest.stages.last(where: { $0.file == file }),
      let key = manifest.parentOfFirstPruning(of: result)
    else { return nil }
    if key == manifest.root.key {
      // That of another night is the network which the schedule itself names.
      guard seen.isEmpty, let startingModel else { return nil }
      (origin, state) = ("the starting model", startingModel)
      return
    }
    guard let record = manifest.record(of: key), record.file != nil,
      let contents = try? CheckpointStore(reading: run, manifest: manifest).contents(of: record)
    else { return nil }
    origin = "stage \(record.name)" + (seen.isEmpty ? "" : " of \(night)")
    state = contents.state
  }
}
