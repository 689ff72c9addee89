import Foundation

/// Values made by an external tool, in a folder `Golden` beside or above the test file.
package enum GoldenFile {
  /// Decodes the JSON file `name` of the nearest `Golden` folder.
  package static func load<Content: Decodable>(
    _ name: String, as type: Content.Type = Content.self, from testFile: String = #filePath
  ) throws -> Content {
    try JSONDecoder().decode(Content.self, from: Data(contentsOf: url(name, from: testFile)))
  }

  /// Where the file `name` of the nearest `Golden` folder lies.
  package static func url(_ name: String, from testFile: String = #filePath) throws -> URL {
    var folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    while folder.path != "/" {
      let file = folder.appendingPathComponent("Golden").appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: file.path) { return file }
      folder.deleteLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }
}
