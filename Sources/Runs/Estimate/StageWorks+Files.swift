import Engine
import Glibc
import ModelFiles
import NeuralNetworks
import Schedules
import Storage

/// What a run writes.
extension StageWorks {
  /// The checkpoint of `stage`: seconds until it is compressed, and its bytes.
  func sealing(
    _ stage: PlannedStage, in plan: Plan, _ writing: CheckpointWriting, at density: Double
  ) -> WorkCost {
    let run = stored
    let keepsMoments = stage.links.keepsOptimizer
    let lineage = plan.lineage(of: stage, times: nil)
    let work = TimedWork(
      name: "checkpoint level \(writing.level)\(keepsMoments ? " with moments" : ""), \(run.name), "
        + "density \(Self.text(density))"
    ) { _ in
      let network = run.network(density: density)
      var state = ModelState(network: network, classes: plan.facts.classes)
      if keepsMoments {
        // As many numbers as moments have, which are as hard to compress.
        let moments = network.layers.map {
          LayerMoments(weights: $0.weights, bias: $0.bias, slope: 0)
        }
        state.optimizer = OptimizerState(steps: 1, first: moments, second: moments)
      }
      let contents = CheckpointContents(
        state: state, lineage: lineage, fingerprint: Fingerprint.json)
      return {
        try CheckpointSealing(CheckpointEncoder(contents), level: writing.level).bytes().count
      }
    }
    return .repeated(run.scale, .work(work))
  }

  /// What is synced for every checkpoint: the file and its folder, the manifest's journal, and the folder again
  /// for the link to the result.
  var commit: WorkCost {
    .work(
      TimedWork(name: "commit") { bench in
        guard let folder = bench.folder else { return { nil } }
        try FilePaths.makeFolders(folder)
        let path = "\(folder)/trial-\(getpid())"
        let bytes = [UInt8](repeating: 0, count: 4096)
        return {
          try DurableFile.write(bytes, to: path)
          try DurableFile.append(bytes, to: path, syncs: true)
          // Syncs the folder, too.
          try DurableFile.remove(path)
          return nil
        }
      })
  }
}
