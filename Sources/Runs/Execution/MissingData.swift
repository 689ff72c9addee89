import Datasets
import Schedules
import Storage

/// Tells where a schedule names a file with which something is wrong, or asks for what is not in it, and where a file
/// belongs that is not there.
package struct MissingData {
  private let data: DataSettings
  /// The schedule.
  private let file: String
  /// Its folder, to which paths are relative.
  private let folder: String

  /// - Parameter file: the schedule.
  package init(data: DataSettings, file: String) {
    self.data = data
    self.file = file
    folder = NamedFile(file).folder
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
    } catch let error as StoreError where error.isMissing {
      throw RunFailure.missing(path: error.path, what: advice(for: error.path))
    } catch DatasetError.files(let errors) {
      throw DatasetError.files(errors.map(named))
    } catch let error as DatasetError {
      throw named(error)
    }
  }

  /// The error with the place in the schedule of the setting that asks for what is not there; else with that at
  /// which it names the error's file, where it does.
  private func named(_ error: DatasetError) -> DatasetError {
    switch error {
    case .setting(let setting, let problem):
      data.places.text(of: setting, in: file).map { .other(place: $0, problem: problem) } ?? error
    case .selecting(let setting, let own):
      data.places.text(of: setting, in: file).map { .named(at: $0, own) } ?? named(own)
    default: place(of: error).map { .named(at: $0, error) } ?? error
    }
  }

  /// Where the schedule names the file of `error`, of which the place says more.
  private func place(of error: DatasetError) -> String? {
    let named = data.paths.filter { written in
      let path = FilePaths.resolve(path(of: written.value), in: folder)
      return error.place == path || [",", ":"].contains { error.place.hasPrefix(path + $0) }
    }
    guard let place = named.first?.place else { return nil }
    return "\(ScheduleError.place(place.position, in: file)): \(place.path)"
  }

  private func advice(for path: String) -> String {
    let written = data.paths.first {
      FilePaths.resolve(self.path(of: $0.value), in: folder) == path
    }
    guard let written, written.written != written.value else {
      let named = written?.place.map {
        " that \(ScheduleError.place($0.position, in: file)): \($0.path) says"
      }
      return
        "put it there, or correct the path\(named ?? "") (in a schedule it is relative to its folder)"
    }
    let names = MissingData.variables(in: written.written)
    return "put it there, or set \(names.joined(separator: " and ")) to where it is: the schedule "
      + "says \(written.written), relative to its own folder unless it is an absolute path"
  }

  /// The file of a reference that may name an entry of an archive.
  private func path(of reference: String) -> String { ArrayFile(reference).path }

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
