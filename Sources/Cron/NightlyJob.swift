import Storage

/// A schedule that is run every night, with all that the place which starts it has to say: nothing is left
/// to where a shell stands or what a profile sets.
package struct NightlyJob: Sendable, Equatable {
  /// The schedule's name.
  package let name: String
  package let at: TimeOfDay
  /// The program `ecpipe`, from the root, as are all paths here.
  package let program: String
  package let schedule: String
  /// The folder of all runs.
  package let checkpoints: String
  /// What the night's log is appended to.
  package let log: String
  /// Where it runs.
  package let folder: String
  /// `PATH` of the night, for its hooks.
  package let path: String
  /// `LANG` of the night.
  package let language: String

  /// A job at `at`.
  ///
  /// - Parameters:
  ///   - schedule: the schedule's file; the job runs in its folder.
  ///   - checkpoints: the folder of all runs.
  ///   - path: `PATH` as it is now; of it, folders from the root are kept, each once.
  /// - Throws: `CronError.unusable` for what no line can hold.
  package init(
    name: String, at: TimeOfDay, program: String, schedule: String, checkpoints: String,
    path: String?, language: String?
  ) throws(CronError) {
    self.name = name
    self.at = at
    self.program = Self.fixed(program)
    self.schedule = Self.fixed(schedule)
    self.checkpoints = Self.fixed(checkpoints)
    log = self.checkpoints + "/\(name)/nightly.log"
    folder = FilePaths.folder(of: self.schedule)
    self.path = Self.searched(path)
    self.language = language.flatMap { $0.isEmpty ? nil : $0 } ?? "C.UTF-8"
    for text in [name, self.program, self.schedule, self.checkpoints, self.path, self.language]
    where text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      throw .unusable(text)
    }
  }

  /// The command and its words.
  package var words: [String] {
    [program, "run", schedule, "--nightly", "--checkpoints", checkpoints, "--log", log]
  }

  /// The variables that it gets from where it is installed.
  package var variables: [(name: String, value: String)] { [("LANG", language), ("PATH", path)] }

  /// Where programs are looked for when nobody says it.
  package static let standardPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// `path` from the root without `..`. Links in it stay: who swaps them means the new file.
  package static func fixed(_ path: String) -> String {
    let parts = FilePaths.absolute(path).split(separator: "/").filter { $0 != "." }
    // Behind a link `..` is not the folder that is named before it.
    if parts.contains("..") { return FilePaths.real(path) }
    return "/" + parts.joined(separator: "/")
  }

  private static func searched(_ path: String?) -> String {
    var folders: [Substring] = []
    for folder in (path ?? "").split(separator: ":") where folder.hasPrefix("/") {
      if !folders.contains(folder) { folders.append(folder) }
    }
    return folders.isEmpty ? standardPath : folders.joined(separator: ":")
  }
}
