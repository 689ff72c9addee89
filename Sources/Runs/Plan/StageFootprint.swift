import Storage

/// How much disk a stage takes at most while it is computed and committed: its checkpoint as if
/// nothing were compressed, its progress twice (the old one stays until the new one is whole), and
/// the manifest twice: the lines of its journal, and the whole into which they are folded.
package struct StageFootprint: Sendable, Equatable {
  /// Bytes of the checkpoint; 0 for a stage without one.
  package var checkpoint: Int
  /// Bytes of the saved progress; 0 for a stage that saves none.
  package let progress: Int
  /// Bytes of the manifest with the stage in it.
  package let manifest: Int

  /// Bytes that have to be free.
  package var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

  /// What it is made of.
  private var parts: [(name: String, bytes: Int)] {
    [("checkpoint", checkpoint), ("progress", 2 * progress), ("run.json", 2 * manifest)]
  }

  package init(checkpoint: Int, progress: Int, manifest: Int) {
    (self.checkpoint, self.progress, self.manifest) = (checkpoint, progress, manifest)
  }

  /// - Parameter manifestBytes: of the manifest as it is, its journal folded into it.
  package init(of stage: PlannedStage, in plan: Plan, manifestBytes: Int) {
    let settings = stage.settings.canonical.utf8.count
    // Indented, every value on a line of its own.
    var record = 4 * settings + 256 * plan.architecture.layerCount + 4096
    if stage.callTime != nil { record += 4096 * plan.architecture.layerCount }
    manifest = manifestBytes + record
    guard let model = stage.action.modelStage else {
      (checkpoint, progress) = (0, 0)
      return
    }
    let sizes = TensorSizes(plan, weights: stage.mostWeights)
    let header = 65_536 + 2 * settings + 16 * 1024 * plan.architecture.layerCount
    let moments = stage.links.keepsOptimizer ? sizes.moments : 0
    checkpoint = StageFootprint.stored(sizes.model + moments) + header
    let cost = model.cost
    let saved = TensorSizes(
      plan, weights: cost.hasAllWeights ? plan.architecture.weightCount : stage.mostWeights)
    let content = cost.networks * saved.model + cost.moments * saved.moments
    progress = content == 0 ? 0 : StageFootprint.stored(content) + 2 * header
  }

  /// Bytes of content that zstd cannot compress, in frames: a 256th more (ZSTD_compressBound); what a
  /// frame adds beside is in the header's allowance.
  private static func stored(_ content: Int) -> Int { content + content / 128 }
}

extension StageFootprint: CustomStringConvertible {
  /// What takes how much, as a clause.
  package var description: String {
    parts.filter { $0.bytes > 0 }.map { "\($0.name) \(NumberText.bytes($0.bytes))" }
      .joined(separator: ", ")
      + (progress > 0
        ? "; nothing compressed, and old files beside the new ones"
        : "; old files beside the new ones")
  }
}

/// Bytes of what a checkpoint holds, nothing compressed.
private struct TensorSizes {
  /// Masks, surviving weights, biases, slopes, scaling and classes.
  let model: Int
  /// Two moments of every surviving weight, bias and slope.
  let moments: Int

  /// - Parameter weights: that are left.
  init(_ plan: Plan, weights: Int) {
    let architecture = plan.architecture
    let layers = architecture.layerCount
    let biases = architecture.widths.dropFirst().reduce(0, +)
    let parameters = 4 * (weights + biases + layers)
    let masks = architecture.weightCount / 8 + layers
    let ends = (architecture.widths.first ?? 0) + (architecture.widths.last ?? 0)
    let classes = plan.facts.classes.reduce(0) { $0 + 2 * $1.utf8.count + 16 }
    model = parameters + masks + 16 * ends + classes
    moments = 2 * parameters
  }
}
