import Glibc
import Storage

/// Trying out a folder, of which nothing is left behind.
enum FolderTrial {
  private static let writes = 7

  /// Writes small files until they are safe, and takes a lock twice.
  static func run(in folder: String) -> Result<FolderCheck.Trial, StoreError> {
    let path = "\(folder)/.ecpipe-doctor-\(getpid())"
    defer {
      _ = unlink(path)
      _ = unlink(path + DurableFile.partialSuffix)
    }
    var times: [Double] = []
    let bytes = [UInt8](repeating: 0x2e, count: 4096)
    for _ in 0..<writes {
      let start = ContinuousClock.now
      do throws(StoreError) {
        try DurableFile.write(bytes, to: path)
      } catch {
        return .failure(error)
      }
      times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    var status = stat()
    let isKnown = stat(path, &status) == 0
    let ahead = isKnown ? Double(status.st_mtim.tv_sec) - Double(time(nil)) : 0
    return .success(
      FolderCheck.Trial(
        syncMilliseconds: times.sorted()[times.count / 2], locks: keepsOut(path), clockAhead: ahead)
    )
  }

  /// Whether a lock on the file at `path` keeps another opening of it out.
  private static func keepsOut(_ path: String) -> Bool {
    let first = open(path, O_RDWR | O_CLOEXEC)
    let second = open(path, O_RDWR | O_CLOEXEC)
    defer {
      for descriptor in [first, second] where descriptor >= 0 { close(descriptor) }
    }
    guard first >= 0, second >= 0, flock(first, LOCK_EX | LOCK_NB) == 0 else { return false }
    return flock(second, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
