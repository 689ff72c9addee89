import Storage

/// Why a file could not be had.
package enum DownloadError: Error, Equatable {
  /// A file of this name is there that is not the one; the path.
  case taken(path: String)
  /// No mirror has given the file; a reason for each, in their order, and whether some of it has come and
  /// is kept.
  case unavailable(name: String, reasons: [String], isBegun: Bool)
  /// curl cannot be started; why.
  case noCurl(String)
  /// Somebody asked to stop; what has come is kept at the path.
  case interrupted(partial: String)
  /// The file cannot be written.
  case store(StoreError)
}

extension DownloadError {
  /// The documented exit code.
  package var exitCode: Int32 {
    switch self {
    case .taken: 65
    case .unavailable, .store: 1
    case .noCurl: 66
    case .interrupted: 75
    }
  }
}

extension DownloadError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .taken(let path):
      "\(path): there is another file of this name, with other content; move it away, or name another "
        + "folder with --folder"
    case .unavailable(let name, let reasons, let isBegun):
      "\(name) could not be had: \(reasons.joined(separator: "; ")); look whether this machine has a "
        + "network (curl takes proxies from the environment), or name a mirror with --mirror"
        + (isBegun ? "; the same command goes on with what has come" : "")
    case .noCurl(let reason): "\(reason); install curl, which transfers files"
    case .interrupted(let partial): "interrupted; the same command goes on with \(partial)"
    case .store(let error): "\(error)"
    }
  }
}
