import Storage

/// What lies beside a run while the copy of its schedule, and what follows from it, are about to change: the copy
/// that comes, below a comment that tells the one that goes by its bytes. A copy that is neither is damaged.
struct ScheduleAnnouncement: Equatable {
  /// SHA-256 of the copy that goes; nil where there is none.
  let replaced: String?
  /// The bytes of the copy that comes.
  let coming: [UInt8]

  private static let start = "# In place of the copy with the SHA-256 "
  private static let none = "# In place of no copy"

  /// - Parameter copy: the bytes of the one that is there.
  init(of coming: [UInt8], inPlaceOf copy: [UInt8]?) {
    (self.coming, replaced) = (coming, copy.map(Digest.sha256))
  }

  /// Reads `bytes`; nil where they do not tell which copy goes, as those of earlier programs.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = String(decoding: bytes[..<end], as: UTF8.self)
    if line == Self.none {
      replaced = nil
    } else if line.hasPrefix(Self.start) {
      replaced = String(line.dropFirst(Self.start.count))
    } else {
      return nil
    }
    coming = Array(bytes[(end + 1)...])
  }

  var bytes: [UInt8] {
    Array((replaced.map { Self.start + $0 } ?? Self.none).utf8) + [UInt8(ascii: "\n")] + coming
  }

  /// Whether `copy` is the one that goes, or the one that comes.
  func allows(_ copy: [UInt8]?) -> Bool {
    copy == coming || copy.map(Digest.sha256) == replaced
  }
}
