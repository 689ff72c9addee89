import Runs
import Storage

/// `night.json` in a night's folder: what it began with. It names other nights and no paths, so that the
/// whole job can be moved.
package struct NightNote: Sendable, Equatable {
  /// Its name in the folder.
  package static let file = "night.json"

  /// The night whose network was begun with; nil for a new one.
  package let start: String?
  /// When it began, for people.
  package let startedAt: String
  /// The settings that it goes by.
  package let recipe: NightRecipe

  /// - Throws: `StoreError`.
  func write(to night: RunFolder) throws(StoreError) {
    let json = SealedObject.sealed([
      "format": 3, "start": JSONValue(start), "started_at": .string(startedAt),
      "settings": recipe.json,
    ])
    try DurableFile.write(
      Array((JSONValue.object(json).readable + "\n").utf8), to: night.file(NightNote.file))
  }

  /// Reads the note in `night`; nil where there is none that is as it was written.
  package init?(in night: RunFolder) {
    guard let bytes = try? FilePaths.readIfThere(night.file(NightNote.file), limit: 64 << 20),
      let object = (try? JSONValue(parsing: bytes))?.objectValue,
      let json = SealedObject.opened(object), json["format"]?.intValue == 3,
      let settings = json["settings"]
    else { return nil }
    self.init(
      start: json["start"]?.stringValue, startedAt: json["started_at"]?.stringValue ?? "",
      recipe: NightRecipe(json: settings))
  }

  init(start: String?, startedAt: String, recipe: NightRecipe) {
    self.start = start
    self.startedAt = startedAt
    self.recipe = recipe
  }
}
