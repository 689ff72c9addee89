import NeuralNetworks
import Storage

/// What the metadata of a checkpoint say of the optimizer; its moments are entries.
package struct OptimizerRecord: Sendable, Equatable {
  /// Steps taken since the state was fresh.
  package let steps: Int
  /// Whether velocities or first moments are stored.
  package let hasFirst: Bool
  /// Whether second moments are stored.
  package let hasSecond: Bool

  /// The record of `state`.
  init(_ state: OptimizerState) {
    steps = state.steps
    hasFirst = !state.first.isEmpty
    hasSecond = !state.second.isEmpty
  }

  /// Moments stored for each parameter.
  var moments: Int { (hasFirst ? 1 : 0) + (hasSecond ? 1 : 0) }

  /// The record as JSON.
  var json: JSONValue {
    ["steps": JSONValue(steps), "moment1": .bool(hasFirst), "moment2": .bool(hasSecond)]
  }

  /// The record that `json` describes.
  init(_ json: JSONValue) throws(CheckpointError) {
    do throws(JSONError) {
      steps = try json.integer(at: "steps")
      hasFirst = try json.bool(at: "moment1")
      hasSecond = try json.bool(at: "moment2")
    } catch {
      throw .metadata(error.inside("optimizer"))
    }
    guard steps >= 0 else {
      throw .metadataValue(path: "optimizer.steps", problem: "is below 0")
    }
  }
}
