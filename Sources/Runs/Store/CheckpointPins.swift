import Glibc
import Storage

/// `pins.jsonl`: what outside a run depends on its checkpoints, one note a line, appended. A
/// checkpoint that is named there stays, whatever `gc` would let go.
///
/// Notes are added without the run's lock, while a run goes on; the file has a lock of its own, which
/// keeps a note from being added while `gc` decides. Nothing is ever taken out.
package struct CheckpointPins {
  /// Why a checkpoint has to stay.
  package enum Reason: String, Sendable, CaseIterable {
    /// A file was written from it.
    case exported
    /// Another run, or a study, begins with it.
    case start
  }

  /// One note, as far as it can be read.
  package struct Note: Sendable, Equatable {
    /// That of an export where it does not say so any more.
    package let reason: Reason
    /// What depends on the checkpoint, and when that was noted; nil where it cannot be read any more.
    package let target: String?
    package let time: String
  }

  private let path: String

  /// The pins of the run in `folder`.
  package init(of folder: RunFolder) { path = folder.pins }

  /// Notes that something outside depends on the checkpoint under `key`, and waits until that is on
  /// the disk.
  ///
  /// - Parameters:
  ///   - file: its name in the run's folder.
  ///   - target: what depends on it, such as the path of the export.
  ///   - time: of the note, for people.
  /// - Throws: `StoreError`.
  package func add(
    _ reason: Reason, key: String, file: String, target: String, time: String
  ) throws(StoreError) {
    let note: JSONValue = [
      "reason": .string(reason.rawValue), "key": .string(key), "file": .string(file),
      "target": .string(target), "time": .string(time),
    ]
    let lock = try FileLock(path: path)
    defer { withExtendedLifetime(lock) {} }
    // Behind a line that a dead process could not finish a new one begins.
    let present = try FilePaths.read(path)
    // A run says at each call what it begins with.
    if reason == .start, Contents(text: String(decoding: present, as: UTF8.self)).has(note) {
      return
    }
    let start = present.isEmpty || present.last == UInt8(ascii: "\n") ? "" : "\n"
    try DurableFile.append(Array((start + note.canonical + "\n").utf8), to: path)
    try lock.sync()
  }

  /// Calls `body` with the pins as they are, while nobody can add one.
  ///
  /// - Throws: `StoreError`, and what `body` throws.
  package func whileFixed<Result>(_ body: (Contents) throws -> Result) throws -> Result {
    let lock: FileLock?
    do throws(StoreError) {
      lock = try FileLock(path: path)
    } catch {
      // Where there is no room for the file, nobody can note anything in it before somebody makes room. A `body` that
      // does has to read the pins again; what is noted after that, and before it is done, it does not see.
      guard error.isFull else { throw error }
      lock = nil
    }
    defer { withExtendedLifetime(lock) {} }
    return try body(contents())
  }

  /// The pins as they are now.
  ///
  /// - Throws: `StoreError`.
  package func contents() throws(StoreError) -> Contents {
    Contents(text: String(decoding: try FilePaths.readIfThere(path) ?? [], as: UTF8.self))
  }

  /// The notes as text. They are searched for keys and file names rather than read, so that a torn or
  /// damaged line protects what it still names.
  package struct Contents: Sendable, Equatable {
    fileprivate let text: String

    /// Whether the checkpoint of `record` has to stay.
    package func hold(_ record: StageRecord) -> Bool { !reasons(toHold: record).isEmpty }

    /// Why the checkpoint of `record` has to stay; nothing where it need not. A line that does not say why any
    /// more counts as that of an export.
    package func reasons(toHold record: StageRecord) -> Set<Reason> {
      var found: Set<Reason> = []
      for line in text.split(separator: "\n") {
        let isNamed =
          line.contains(record.key) || record.file.map { line.contains("\"\($0)\"") } ?? false
        if isNamed { found.insert(line.contains(#""reason":"start""#) ? .start : .exported) }
      }
      return found
    }

    /// All notes, the oldest first.
    package var notes: [Note] {
      text.split(separator: "\n").map { line in
        let json = try? JSONValue(parsing: Array(line.utf8))
        return Note(
          reason: json?["reason"]?.stringValue.flatMap(Reason.init) ?? .exported,
          target: json?["target"]?.stringValue, time: json?["time"]?.stringValue ?? "")
      }
    }

    /// Whether a line says the same as `note`, whenever it was written.
    fileprivate func has(_ note: JSONValue) -> Bool {
      text.split(separator: "\n").contains { line in
        guard let known = try? JSONValue(parsing: Array(line.utf8)) else { return false }
        return ["reason", "key", "file", "target"].allSatisfy { known[$0] == note[$0] }
      }
    }
  }
}

/// The right to change a file that is shared with other processes, as long as this lives.
///
/// A class, because it owns a file descriptor.
private final class FileLock {
  private let descriptor: Int32
  private let path: String

  /// Waits for the lock on the file at `path`, which is created when missing.
  ///
  /// - Throws: `StoreError`.
  init(path: String) throws(StoreError) {
    let descriptor = try StoreError.check("open", path) {
      open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    }
    do {
      _ = try StoreError.check("lock", path) { flock(descriptor, LOCK_EX) }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Makes the file's content and its name durable.
  func sync() throws(StoreError) {
    _ = try StoreError.check("fsync", path) { fsync(descriptor) }
    try DurableFile.syncFolder(of: path)
  }
}
