import Glibc
import Storage

/// One of several processes, on any number of machines that share a folder, which measure the cells of one
/// study; with what is its own in the study's folder.
///
/// Nobody else writes there, so nothing has to be locked.
package struct StudyWorker: Sendable {
  /// No other worker has it, on any machine: the machine's name, the process and a random number.
  package let name: String
  let folder: StudyFolder

  /// A worker of the study in `folder`, with a folder of its own.
  ///
  /// - Throws: `StoreError`.
  package init(in folder: StudyFolder) throws(StoreError) {
    let random = UInt32.random(in: .min ... .max)
    let host = HostName.current.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    name = "\(host.prefix(60))-\(getpid())-\(String(random, radix: 16))"
    self.folder = folder
    try FilePaths.makeFolders(path)
  }

  var path: String { folder.file(ofWorker: name) }

  /// The results of the cells that it has measured.
  var journal: String { folder.journal(ofWorker: name) }

  /// What it began, ended and failed at.
  var events: String { folder.events(ofWorker: name) }

  /// A sign of life: a number that goes up.
  package var heartbeat: String { folder.heartbeat(ofWorker: name) }

  /// Writes `bytes` as the new content of a file that all workers share: whole at any time, whoever else does
  /// the same at the same time.
  ///
  /// - Throws: `StoreError`.
  func share(_ bytes: [UInt8], as path: String) throws(StoreError) {
    let own = self.path + "/" + FilePaths.name(of: path)
    try DurableFile.write(bytes, to: own)
    try DurableFile.move(own, to: path)
    try DurableFile.syncFolder(of: path)
  }

  /// Takes the signs of life away, and the folder where nothing is in it.
  package func leave() {
    _ = unlink(heartbeat)
    if !FilePaths.exists(journal) { _ = unlink(events) }
    _ = rmdir(path)
  }
}
