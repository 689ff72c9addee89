import Storage

/// Where measured times are kept between calls: a file for each machine, in the folder for caches of the
/// user.
package struct TimesCache: Sendable {
  /// The folder of all of this program's.
  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// `$XDG_CACHE_HOME/ecpipe`, or `~/.cache/ecpipe`; nil where neither is known.
  ///
  /// - Parameter environment: the value of a variable; nil where it is not set.
  package init?(environment: (String) -> String?) {
    // What is no path from the root counts as not set (XDG Base Directory Specification).
    func path(_ name: String) -> String? {
      environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let base = path("XDG_CACHE_HOME") ?? path("HOME").map({ $0 + "/.cache" }) else {
      return nil
    }
    folder = base + "/ecpipe"
  }

  /// The file of `machine`.
  package func file(of machine: MachineIdentity) -> String {
    let digest = Digest.sha256(machine.json.canonicalBytes)
    return "\(folder)/times-\(digest.prefix(16)).json"
  }

  /// What is kept of `machine`: nothing where there is no file, or none that is sound.
  package func times(of machine: MachineIdentity) -> WorkTimes {
    let path = file(of: machine)
    guard FilePaths.size(of: path) ?? .max <= Self.mostBytes, let bytes = try? FilePaths.read(path)
    else { return WorkTimes(machine) }
    return WorkTimes(bytes, of: machine) ?? WorkTimes(machine)
  }

  /// Keeps `times`, in place of what was kept of that machine.
  ///
  /// - Throws: `StoreError`.
  package func keep(_ times: WorkTimes) throws(StoreError) {
    try FilePaths.makeFolders(folder)
    try DurableFile.replace(times.bytes, at: file(of: times.machine))
  }

  private static let mostBytes = 4 << 20
}
