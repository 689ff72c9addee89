import Glibc
import Storage

/// The program that this process runs.
enum OwnProgram {
  /// Its path from the root: as it was called, where that is it, since a link stays right when
  /// the program behind it is exchanged.
  static var path: String {
    let called = CommandLine.arguments.first ?? ""
    let folders = (Output.environment("PATH") ?? "").split(separator: ":").map(String.init)
    let candidates =
      called.contains("/")
      ? [called] : folders.filter { $0.hasPrefix("/") }.map { $0 + "/" + called }
    return candidates.first(where: isThis) ?? FilePaths.linkTarget("/proc/self/exe") ?? called
  }

  private static func isThis(_ path: String) -> Bool {
    var (named, own) = (stat(), stat())
    return stat(path, &named) == 0 && stat("/proc/self/exe", &own) == 0
      && named.st_ino == own.st_ino && named.st_dev == own.st_dev
  }
}
