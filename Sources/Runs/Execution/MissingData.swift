import Datasets
import Schedules
import Storage

/// Tells where a file belongs that a schedule names and that is not there.
package struct MissingData {
  private let data: DataSettings
  private let folder: String

  /// - Parameter folder: the folder of the schedule, to which paths are relative.
  package init(data: DataSettings, folder: String) {
    self.data = data
    self.folder = folder
  }

  /// Calls `read`; the error for a missing file says where to put it, and which variables of the
  /// schedule say where that is.
  ///
  /// - Throws: `RunFailure.missing`, and whatever else `read` throws.
  package func explaining<Result>(_ read: () throws -> Result) throws -> Result {
    do {
      return try read()
    } catch DatasetError.file(let path, .missing) {
      throw RunFailure.missing(path: path, what: advice(for: path))
    }
  }

  private func advice(for path: String) -> String {
    let written = data.paths.first { FilePaths.resolve(file($0.value), in: folder) == path }
    guard let written, written.written != written.value else {
      return "put it there, or correct the path (in a schedule it is relative to its folder)"
    }
    let names = MissingData.variables(in: written.written)
    return "put it there, or set \(names.joined(separator: " and ")) to where it is: the schedule "
      + "says \(written.written), relative to its own folder unless it is an absolute path"
  }

  /// The file of a reference that may name an entry of an archive.
  private func file(_ reference: String) -> String { ArrayFile(reference).path }

  /// The names in `${NAME}` and `${NAME:-default}`.
  private static func variables(in text: String) -> [String] {
    var names: [String] = []
    for part in text.split(separator: "$").dropFirst(text.hasPrefix("$") ? 0 : 1) {
      guard part.hasPrefix("{"), let end = part.firstIndex(where: { $0 == "}" || $0 == ":" }) else {
        continue
      }
      let name = String(part[part.index(after: part.startIndex)..<end])
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension DataSettings {
  /// The paths of all files, as written and as they are.
  fileprivate var paths: [WrittenText] {
    var sources = [train]
    for part in [validation, test] {
      if case .source(let source) = part { sources.append(source) }
    }
    return sources.flatMap(\.paths)
  }
}
