import Foundation

/// Values made by an external tool, in a folder `Golden` beside or above the test file.
package enum GoldenFile {
  /// Decodes the JSON file `name` of the nearest `Golden` folder.
  package static func load<Content: Decodable>(
    _ name: String, as type: Content.Type = Content.self, from testFile: String = #filePath
  ) throws -> Content {
    var folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    while folder.path != "/" {
      let file = folder.appendingPathComponent("Golden").appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: file.path) {
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
      }
      folder.deleteLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }
}
