import ArgumentParser
import Datasets
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
  ///   - model: what the file is an export of, which may put that right among the exports of its night; nil for
  ///     no export.
  ///   - option: what the command line calls the file.
  /// - Throws: `RunFailure.commandLine` for a file that is also read, or one in the folder of a run, a study or a
  ///   nightly job, or a name that is a folder's;
  ///   `RunFailure.missing` where the folder does not exist.
  static func check(
    _ path: String, against inputs: [String], exportedFrom model: String? = nil,
    option: String = "--output"
  ) throws(RunFailure) {
    if NamedFile(path).isStream { return }
    if FilePaths.isFolder(path) {
      throw .commandLine("\(option) \(path): this is a folder; name a file")
    }
    let file = (try? NamedFile(path).destination()) ?? path
    let folder = FilePaths.folder(of: file)
    guard FilePaths.isFolder(folder) else {
      throw .missing(path: folder, what: "make the folder for \(option) \(path) first")
    }
    if let owner = FolderOwner(ofFile: file),
      model.map({ owner.takes(file, exportedFrom: $0) }) != true
    {
      throw .commandLine("\(option) \(path): this file \(owner.refusal)")
    }
    for input in inputs where isSame(path, input) {
      throw .commandLine("\(option) \(path): this file is read here; choose another name")
    }
  }

  /// The form that the suffix of `path` names; of a stream without one, the first of them.
  ///
  /// - Throws: `ValidationError` that lists the known ones.
  static func form<Form: RawRepresentable & CaseIterable>(
    of path: String, option: String = "--output"
  ) throws -> Form where Form.RawValue == String {
    let name = path.lowercased()
    if let form = Form.allCases.first(where: { name.hasSuffix("." + $0.rawValue) }) { return form }
    if NamedFile(path).isStream, let form = Form.allCases.first { return form }
    let suffixes = Form.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
    throw ValidationError(
      "\(option) \(path): the name has to end in \(suffixes), which says the format")
  }

  /// The format of models that the name `path` asks for; of a stream without one, the first that there
  /// is.
  ///
  /// - Throws: `ValidationError` that lists the known ones, or says why no file of the format has such a name.
  static func format(of path: String) throws -> any ModelFormat {
    let any = ModelFormats.all.first { $0.suffix != nil }
    guard
      let format = ModelFormats.writing(path) ?? (NamedFile(path).isStream ? any : nil)
    else {
      throw ValidationError(
        "--output \(path): the name has to end in \(ModelFormats.suffixes), which says the format")
    }
    if let obstacle = format.obstacle(toName: path) {
      throw ValidationError("--output \(path): \(obstacle)")
    }
    return format
  }

  /// Checks the model's file `path`, and those that its format writes beside it, as `check` does.
  ///
  /// - Throws: as `check` and `format` do.
  static func checkModel(
    _ path: String, _ options: ExportOptions = ExportOptions(), against inputs: [String],
    exportedFrom model: String? = nil
  ) throws {
    try check(path, against: inputs, exportedFrom: model)
    let companions = try format(of: path).companions(of: path, options)
    if let first = companions.first, NamedFile(path).isStream {
      throw RunFailure.commandLine(
        "--output \(path): this format writes several files (\(FilePaths.name(of: first)) is one), "
          + "which a stream cannot hold; name a file")
    }
    for companion in companions { try check(companion, against: inputs, exportedFrom: model) }
  }

  /// Writes `files`, of which the first is the one that was named: it comes last, so that whoever waits
  /// for it finds the others. Warns of what an earlier export has left beside them.
  ///
  /// - Throws: `StoreError`.
  static func write(_ files: [ExportedFile]) throws {
    try NamedFile.write(all: files.reversed().map { ($0.path, $0.bytes) })
    guard let path = files.first?.path else { return }
    ModelFormats.writing(path)?.warnings(of: files).forEach(Output.warning)
  }

  /// Whether `path` is the file that `input` names, or the archive that it names an entry of.
  private static func isSame(_ path: String, _ input: String) -> Bool {
    guard let own = identity(of: path) else { return false }
    return [input, ArrayFile(input).path].contains { identity(of: $0) == own }
  }

  /// Device and number of the file at `path`; nil when there is none.
  private static func identity(of path: String) -> [UInt]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt(status.st_dev), UInt(status.st_ino)]
  }
}
