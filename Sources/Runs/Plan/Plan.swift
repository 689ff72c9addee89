import Engine
import NeuralNetworks
import Scheduler
import Storage

/// A whole run before anything is computed: every stage expanded, named, counted and keyed.
package struct Plan: Sendable {
  /// The run's name.
  package let name: String
  /// Key and settings of the initial model.
  package let root: RootRecord
  package let facts: DataFacts
  /// Whether inputs lie in their file while they are learnt.
  package let readsInputs: Bool
  /// Whether the ranks of a job hold them between them instead.
  package let shardsInputs: Bool
  /// How trainings go through the samples; nil where all are shuffled.
  package let blocks: BlockOrder?
  /// The loss by which every stage is measured.
  package let loss: Loss
  package let seed: UInt64
  /// Name, outputs and inputs of each layer.
  package let architecture: Architecture
  /// The trained model that the run begins with; nil for a random one.
  package let start: ModelState?
  /// What it begins with: that, or a function of architecture and seed.
  var initialNetwork: Network { start?.network ?? architecture.network(seed: seed) }
  /// What the keys of its stages are derived from.
  var identity: PlanIdentity {
    PlanIdentity(facts: facts, seed: seed, weightCount: architecture.weightCount)
  }

  /// What may stand in the way of stages, and is decided by those before them.
  package let warnings: [String]
  /// In the order in which they are computed.
  package internal(set) var stages: [PlannedStage] { didSet { findPlaces() } }
  /// Where the stage under each key is in `stages`.
  private(set) var places: [String: Int] = [:]

  /// Stages without the trials of searches, of which nobody knows before how many there will be.
  package var ownStageCount: Int { stages.count { $0.trial == nil } }
  /// Names of searches.
  package var searches: [String] { stages.filter { $0.kind == .search }.map(\.name) }

  /// The stage under `key`; nil for the root's, and for one of another plan.
  package func stage(under key: String) -> PlannedStage? { places[key].map { stages[$0] } }

  /// Notes where the stages are; of two under one key the first.
  mutating func findPlaces() {
    places = Dictionary(
      stages.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Makes sure that a run can stop behind the stage called `name`.
  ///
  /// - Throws: `RunFailure.commandLine` for a trial: which there will be is not known before.
  package func checkEnd(_ name: String) throws {
    let stage = stages[try index(ofStage: name)]
    guard let trial = stage.trial, let search = self.stage(under: trial.search) else { return }
    throw RunFailure.commandLine(
      "\(name) is a trial of the search \(search.name), which does not stop in between; use "
        + "--until \(search.name), or interrupt it: the same command goes on")
  }

  /// The position, from 0, of the stage called `name`.
  ///
  /// - Throws: `RunFailure.commandLine` that names the nearest stage.
  package func index(ofStage name: String) throws -> Int {
    if let index = stages.firstIndex(where: { $0.name == name }) { return index }
    let names = stages.map(\.name)
    let nearest = nearestWord(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
    throw RunFailure.commandLine(
      "no stage is called \(name)\(nearest) (ecpipe plan lists the stages)")
  }
}

extension Plan {
  /// In what the initial model, data and seed are not those that `manifest` records.
  package func rootChanges(since manifest: Manifest) -> [JSONDifference] {
    var before = manifest.root.settings
    var now = root.settings
    before["data"]?["digest"] = .string(manifest.data.facts.digest)
    now["data"]?["digest"] = .string(facts.digest)
    before["seed"] = manifest.schedule["seed"]
    now["seed"] = JSONValue(Int(exactly: seed))
    return JSONDifference.all(from: before, to: now)
  }
}
