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

  /// What is done for every checkpoint that is compressed: it is written, digested and looked at, and its record goes
  /// into the manifest's journal. Synced are the file and its folder, the journal, and the folder again for the link to
  /// the result.
  func commit(in plan: Plan) -> WorkCost {
    let run = stored
    let lineage = plan.stages.last.map { plan.lineage(of: $0, times: nil) } ?? [:]
    return .work(
      TimedWork(name: "commit, \(run.name)") { bench in
        guard let folder = bench.folder else { return { nil } }
        try FilePaths.makeFolders(folder)
        let path = "\(folder)/trial-\(getpid())"
        let contents = CheckpointContents(
          state: ModelState(network: run.network(density: 0.3), classes: plan.facts.classes),
          lineage: lineage, fingerprint: Fingerprint.json)
        let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
        var record = JSONObject()
        record["record"] = lineage
        return {
          try DurableFile.write(bytes, to: path)
          record["sha256"] = .string(Digest.sha256(bytes))
          _ = try CheckpointReader(folder: folder).summary(of: bytes)
          try DurableFile.append(
            Array(SealedObject.line(of: record).utf8), to: path, syncs: true)
          // Syncs the folder, too.
          try DurableFile.remove(path)
          return nil
        }
      })
  }
}
