import ArgumentParser
import Glibc
import ModelFiles
import Runs
import Storage

/// The file that a command is to write.
enum OutputFile {
  /// Checks, before any work is done, that `path` can be written without losing what was read.
  ///
  /// - Parameters:
  ///   - inputs: files that the command reads.
  ///   - option: what the command line calls the file.
  /// - Throws: `RunFailure.commandLine` for a file that is also read, or a name that is a folder's;
  ///   `RunFailure.missing` where the folder does not exist.
  static func check(
    _ path: String, against inputs: [String], option: String = "--output"
  ) throws(RunFailure) {
    if FilePaths.isFolder(path) {
      throw .commandLine("\(option) \(path): this is a folder; name a file")
    }
    let folder = FilePaths.folder(of: path)
    guard FilePaths.isFolder(folder) else {
      throw .missing(path: folder, what: "make the folder for \(option) \(path) first")
    }
    for input in inputs where isSame(path, input) {
      throw .commandLine("\(option) \(path): this file is read here; choose another name")
    }
  }

  /// The format of models that the name `path` asks for.
  ///
  /// - Throws: `ValidationError` that lists the known ones.
  static func format(of path: String) throws -> any ModelFormat {
    guard let format = ModelFormats.writing(path) else {
      throw ValidationError(
        "--output \(path): the name has to end in \(ModelFormats.suffixes), which says the format")
    }
    return format
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    guard let first = identity(of: one), let second = identity(of: other) else { return false }
    return first == second
  }

  /// Device and number of the file at `path`; nil when there is none.
  private static func identity(of path: String) -> [UInt]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt(status.st_dev), UInt(status.st_ino)]
  }
}
