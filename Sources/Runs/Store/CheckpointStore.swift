import ModelFiles
import NeuralNetworks
import Schedules
import Storage

/// The one place that changes files of a run's folder: stages are committed here, and nothing else
/// writes there but the log of events.
///
/// Order of a commit: the checkpoint (written, synced, renamed, folder synced), then the manifest's
/// journal (appended, synced), then the link to the result, then the progress file goes. A kill between
/// any two leaves a folder from which the same run goes on.
package struct CheckpointStore {
  package let folder: RunFolder
  /// What the folder holds, as last committed.
  package private(set) var manifest: Manifest
  /// Bytes of `run.json` once the journal is folded into it, at most.
  package private(set) var manifestBytes: Int
  /// How new checkpoints are written.
  let writing: CheckpointWriting
  /// The right to write here; nil where nobody else can.
  private let lock: FileLock?
  /// What is added to behind `run.json`; nil as long as that is not as this store wrote it, and when the
  /// journal could not be added to.
  private var journal: ManifestJournal?

  /// Makes the folder of a new run.
  package init(
    creating folder: RunFolder, manifest: Manifest, writing: CheckpointWriting,
    lock: FileLock? = nil
  ) throws {
    self.init(folder, manifest, writing, lock)
    try FilePaths.makeFolders(folder.path)
    try folder.removeHalfWritten()
    try write(manifest)
  }

  /// Opens an existing run for writing, with the manifest that is there; a journal that a killed run has
  /// left is folded into it.
  package init(
    opening folder: RunFolder, manifest: Manifest, writing: CheckpointWriting,
    lock: FileLock? = nil
  ) throws {
    self.init(folder, manifest, writing, lock)
    try folder.removeHalfWritten()
    try fold()
  }

  /// Looks at an existing run without changing anything: what writes must not be called.
  package init(reading folder: RunFolder, manifest: Manifest) {
    self.init(folder, manifest, .standard, nil)
  }

  private init(
    _ folder: RunFolder, _ manifest: Manifest, _ writing: CheckpointWriting, _ lock: FileLock?
  ) {
    self.folder = folder
    self.manifest = manifest
    self.writing = writing
    self.lock = lock
    manifestBytes = FilePaths.size(of: folder.manifest) ?? 0
  }

  /// Makes sure, before anything is written, that no other process can have the folder by now.
  ///
  /// - Throws: `LockLost`.
  func demandLock() throws(LockLost) { try lock?.demandPlace() }

  // MARK: The manifest

  /// Changes the manifest, on disk first.
  package mutating func update(_ change: (inout Manifest) -> Void) throws {
    var changed = manifest
    change(&changed)
    if changed != manifest { try write(changed) }
  }

  /// Makes one change of the manifest, on disk first, which takes as long however many records there
  /// are.
  mutating func update(_ change: ManifestChange) throws {
    guard var journal else { return try update { $0.apply(change) } }
    try demandLock()
    // Until it is known to be sound again: what a failed sync leaves must not be added to.
    self.journal = nil
    try journal.append(change)
    self.journal = journal
    manifest.apply(change)
    manifestBytes += change.bytesInManifest
  }

  /// Writes `run.json` with all that its journal and the marks of collections add, if there are any, and removes
  /// those.
  package mutating func fold() throws {
    let marks = ReleaseMarks(in: folder)
    try marks.empty()
    if FilePaths.isTaken(folder.journal) || !marks.files.isEmpty { try write(manifest) }
    try marks.remove()
  }

  /// Makes `changed` the content of `run.json`. The journal is that of another manifest from then on, so
  /// a kill before it goes does no harm.
  private mutating func write(_ changed: Manifest) throws {
    try demandLock()
    journal = nil
    let (bytes, digest) = changed.sealed
    try DurableFile.write(bytes, to: folder.manifest)
    manifest = changed
    manifestBytes = bytes.count
    if FilePaths.isTaken(folder.journal) { try DurableFile.remove(folder.journal) }
    journal = ManifestJournal(path: folder.journal, behind: digest)
  }

  // MARK: Other files

  /// Puts down what the copy of the schedule becomes, if it or what the manifest records of it changes, before the
  /// manifest does. A kill behind that leaves a copy, and a link to the result, that can be told from damaged ones,
  /// until `endAnnouncement`.
  ///
  /// - Parameter settings: the schedule with all defaults.
  func announceSchedule(_ bytes: [UInt8], _ settings: JSONValue) throws(StoreError) {
    // Both as they are written: numbers that are read back may have another form.
    let copy = try? FilePaths.read(folder.schedule)
    if copy != bytes || settings.canonical != manifest.schedule.canonical {
      try DurableFile.write(
        ScheduleAnnouncement(of: bytes, inPlaceOf: copy).bytes, to: folder.nextSchedule)
    }
  }

  /// Writes the schedule as it was given, if it changed.
  package func saveSchedule(_ bytes: [UInt8]) throws(StoreError) {
    if (try? FilePaths.read(folder.schedule)) != bytes {
      try DurableFile.write(bytes, to: folder.schedule)
    }
  }

  /// Removes what `announceSchedule` has put down: the folder is as the schedule has it.
  func endAnnouncement() throws(StoreError) {
    if FilePaths.isTaken(folder.nextSchedule) { try DurableFile.remove(folder.nextSchedule) }
  }

  /// Points `result.safetensors` at the checkpoint `name`, unless it is there already.
  package func pointResult(at name: String) throws(StoreError) {
    if FilePaths.linkTarget(folder.result) == name { return }
    try DurableFile.link(folder.result, to: name)
  }

  /// Renames the file `name` to what says why; one that is not there is fine.
  ///
  /// - Returns: where it is now; nil where it was not there.
  @discardableResult
  func rename(_ name: String, ending: String) throws(StoreError) -> String? {
    let path = folder.file(name)
    guard FilePaths.isTaken(path) else { return nil }
    let new = folder.unusedPath(path + ending)
    try DurableFile.move(path, to: new)
    return new
  }
}
