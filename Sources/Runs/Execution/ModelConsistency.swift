import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// Checks a decoded checkpoint against what the manifest records of its stage, and against the masks
/// of the stage before it. Every problem is a clause.
package struct ModelConsistency {
  let contents: CheckpointContents

  package init(contents: CheckpointContents) { self.contents = contents }

  /// Problems of the model in itself: what a mask removes has to be 0, moments included.
  package var ownProblems: [String] {
    let state = contents.state
    var problems = problems(of: state.network, in: "")
    if let best = contents.progress?.best?.network {
      problems += self.problems(of: best, in: "best.")
    }
    for (name, moments) in [
      ("moment1", state.optimizer?.first ?? []), ("moment2", state.optimizer?.second ?? []),
    ] {
      for (layer, moment) in zip(state.network.layers, moments) {
        if let mask = layer.mask, !moment.weights.isZero(outside: mask) {
          problems.append(
            "entry '\(layer.name).weight.\(name)' is not 0 where the mask removes a weight")
        }
      }
    }
    return problems
  }

  private func problems(of network: Network, in prefix: String) -> [String] {
    var problems: [String] = []
    for layer in network.layers {
      if let mask = layer.mask, !layer.weights.isZero(outside: mask) {
        problems.append(
          "entry '\(prefix)\(layer.name).weight' is not 0 where the mask removes a weight")
      }
    }
    if !network.isFinite { problems.append("the network has values that are not finite") }
    return problems
  }

  /// Where counts or origin are not those of `record`.
  package func problems(against record: StageRecord) -> [String] {
    var problems: [String] = []
    let network = contents.state.network
    if network.remaining != record.weights {
      problems.append(
        "it has \(network.remaining) weights, run.json records \(record.weights)")
    }
    for (own, recorded) in zip(LayerCount.counts(of: network), record.layers)
    where own != recorded {
      problems.append(
        "layer \(own.name) has \(own.weights) of \(own.total) weights, run.json records "
          + "\(recorded.weights) of \(recorded.total) in \(recorded.name)")
    }
    if network.layers.count != record.layers.count {
      problems.append(
        "it has \(network.layers.count) layers, run.json records \(record.layers.count)")
    }
    if contents.progress != nil { problems.append("it is inside an unfinished stage") }
    let lineage = contents.lineage
    for (name, recorded) in [
      ("key", JSONValue.string(record.key)), ("parent", .string(record.parent)),
      ("kind", .string(record.kind.rawValue)), ("settings", record.settings),
    ] where lineage[name] != recorded {
      problems.append(
        "its \(name) is \(lineage[name]?.canonical ?? "missing"), run.json records "
          + recorded.canonical)
    }
    return problems
  }

  /// The masks of all layers; nil for a dense one.
  package var masks: [Mask?] { contents.state.network.layers.map(\.mask) }

  /// Layers in which a weight is back that the stage `ancestor`, whose masks are `earlier`, had
  /// removed.
  package func problems(after earlier: [Mask?], of ancestor: String) -> [String] {
    let network = contents.state.network
    guard earlier.count == network.layers.count else {
      return ["it has \(network.layers.count) layers, stage \(ancestor) has \(earlier.count)"]
    }
    return zip(network.layers, earlier).compactMap { layer, before in
      guard let before else { return nil }
      let now = layer.keepingMask
      return now.isSubset(of: before)
        ? nil : "layer \(layer.name) has weights that stage \(ancestor) had removed"
    }
  }
}

extension Matrix {
  /// Whether every element that `mask`, of this shape, removes is 0.
  fileprivate func isZero(outside mask: Mask) -> Bool {
    withSpan { span in
      for index in span.indices where !mask[index] && span[index] != 0 { return false }
      return true
    }
  }
}
