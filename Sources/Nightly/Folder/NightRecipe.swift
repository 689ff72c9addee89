import Runs
import Storage

/// What decides what a night computes besides its data, as its note records it: only what was computed by the
/// same settings counts as computed.
package struct NightRecipe: Sendable, Equatable {
  /// The most settings that a sentence names.
  private static let named = 3

  let json: JSONValue

  /// Of `schedule`, read without a network to begin with.
  init(_ schedule: RunSchedule) {
    let all = schedule.json
    var recipe: JSONValue = [:]
    for name in ["seed", "data", "model", "training", "stages"] { recipe[name] = all[name] }
    var nightly: JSONValue = [:]
    for name in ["start", "cold_start_every"] { nightly[name] = all["nightly"]?[name] }
    recipe["nightly"] = nightly
    // As it is read back from a note.
    json = (try? JSONValue(parsing: Array(recipe.canonical.utf8))) ?? recipe
  }

  init(json: JSONValue) { self.json = json }

  /// The settings that are others than in `before`, as a list for a sentence; nil for none.
  func changes(since before: NightRecipe) -> String? {
    let paths = JSONDifference.all(from: before.json, to: json).map(\.path)
    if paths.isEmpty { return nil }
    let more = paths.count - Self.named
    return paths.prefix(Self.named).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
