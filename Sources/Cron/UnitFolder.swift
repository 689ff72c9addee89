import Storage

/// A folder of systemd's units, in which those of ecpipe's jobs stand.
package struct UnitFolder: Sendable {
  package let place: JobPlace
  /// The folder's path.
  package let path: String
  private let systemctl: Systemctl

  /// That of the user's or, for `system`, the system's systemd.
  ///
  /// - Parameter path: another folder than the usual one.
  package init(_ account: Account, _ place: JobPlace, path: String? = nil) {
    self.place = place
    self.path = path ?? (place == .user ? account.unitFolder : "/etc/systemd/system")
    systemctl = Systemctl(account, place)
  }

  /// What was done, and what is left to a person.
  package struct Change: Sendable, Equatable {
    /// Whether a file is another one now.
    package let changesFiles: Bool
    /// The command that a person has to give, because no systemd answers here; nil for none.
    package let leftToDo: String?
  }

  /// The files of `units`, with their paths, the service first.
  package func files(of units: SystemdUnits) -> [(path: String, text: String)] {
    [(file(units.name, ".service"), units.service), (file(units.name, ".timer"), units.timer)]
  }

  /// Writes both files, and has systemd start the timer where one answers.
  ///
  /// - Throws: `StoreError`, `CronError`, `ProgramError`.
  package func install(_ units: SystemdUnits) throws -> Change {
    try FilePaths.makeFolders(path)
    var changes = false
    for (file, text) in files(of: units) {
      if try FilePaths.readIfThere(file) == Array(text.utf8) { continue }
      try DurableFile.write(Array(text.utf8), to: file)
      changes = true
    }
    let words = [["daemon-reload"], ["enable", "--now", units.name + ".timer"]]
    guard systemctl.answers else {
      return Change(
        changesFiles: changes, leftToDo: words.map(shown).joined(separator: " && "))
    }
    for (index, command) in words.enumerated() {
      let rest = words[index...].map(shown).joined(separator: " && ")
      try systemctl.demand(command, state: "the units are in \(path); when it is mended: \(rest)")
    }
    return Change(changesFiles: changes, leftToDo: nil)
  }

  /// Stops the timer of the job called `name` where a systemd answers, and removes both its files.
  ///
  /// - Throws: `StoreError`, `CronError`, `ProgramError`.
  package func remove(_ name: String) throws -> Change {
    let unit = SystemdUnits.name(ofJob: name)
    let answers = systemctl.answers
    if answers {
      try systemctl.demand(
        ["disable", "--now", unit + ".timer"], state: "the units are still in \(path)")
    } else {
      // What enabling has made.
      try DurableFile.remove(path + "/timers.target.wants/" + unit + ".timer")
    }
    for suffix in [".timer", ".service"] { try DurableFile.remove(file(unit, suffix)) }
    if answers { try systemctl.demand(["daemon-reload"], state: "the units are gone") }
    return Change(changesFiles: true, leftToDo: answers ? nil : shown(["daemon-reload"]))
  }

  /// All jobs here, by name.
  package var jobs: [InstalledJob] {
    FilePaths.entries(of: path).compactMap { entry in
      guard let name = SystemdUnits.job(ofTimer: entry) else { return nil }
      let unit = String(entry.dropLast(".timer".count))
      return SystemdUnits.job(
        name, in: place, service: text(file(unit, ".service")), timer: text(file(unit, ".timer")))
    }
  }

  /// The paths of the files of the job called `name`, the service first.
  package func paths(of name: String) -> [String] {
    [".service", ".timer"].map { file(SystemdUnits.name(ofJob: name), $0) }
  }

  private func file(_ unit: String, _ suffix: String) -> String { path + "/" + unit + suffix }

  private func text(_ path: String) -> String {
    String(decoding: (try? FilePaths.read(path, limit: 1 << 20)) ?? [], as: UTF8.self)
  }

  private func shown(_ words: [String]) -> String { systemctl.command(words) }
}
