import Engine
import NeuralNetworks
import Storage

/// An earlier checkpoint, of which another one stores only what has changed since.
package struct CheckpointBase: Sendable {
  /// The most checkpoints that have to be read before one can be: then one is stored whole again.
  package static let longestChain = 8

  /// Which checkpoint it is.
  package let identity: CheckpointIdentity
  /// What it holds.
  package let state: ModelState

  /// A base for the next checkpoint, or the one that a checkpoint names.
  package init(identity: CheckpointIdentity, state: ModelState) {
    self.identity = identity
    self.state = state
  }
}

/// What tells one checkpoint from all others, whatever the level it is compressed at.
package struct CheckpointIdentity: Sendable, Equatable {
  /// The key of the stage that ended in it.
  package let key: String
  /// How many others have to be read before it: 0 for a whole one.
  package let chain: Int
  /// Digest of its description, and so of all its contents.
  package let digest: String
}

extension CheckpointIdentity {
  /// As the metadata of a checkpoint that goes on from it hold it.
  var json: JSONValue {
    ["key": .string(key), "chain": JSONValue(chain), "digest": .string(digest)]
  }

  init(_ json: JSONValue) throws(CheckpointError) {
    do throws(JSONError) {
      key = try json.string(at: "key")
      chain = try json.integer(at: "chain")
      digest = try json.string(at: "digest")
    } catch {
      throw .metadata(error.inside("base"))
    }
    guard (0..<CheckpointBase.longestChain).contains(chain) else {
      throw .metadataValue(path: "base.chain", problem: "is longer than any chain")
    }
  }
}

extension Network {
  /// Layer `index` of a base, where it has name and shape of what `record` describes: only such a layer
  /// can be told differences from.
  func layer(_ index: Int, like record: LayerRecord) -> DenseLayer? {
    guard layers.indices.contains(index), layers[index].name == record.name,
      layers[index].inputs == record.inputs, layers[index].outputs == record.outputs
    else { return nil }
    return layers[index]
  }
}
