import Runs
import Storage

/// What the folder is to hold, and what it shows at the end: in such an order that what is recorded holds whenever
/// the process ends.
extension StudySession {
  /// Puts bytes in the place of a path, whole.
  typealias Put = ([UInt8], String) throws(StoreError) -> Void

  /// Writes the study, and the record of what is known of `plan` before anything is measured. Where another study is
  /// recorded, this one lies beside it first, so that a copy of what is recorded is always there.
  func writeRecord(of plan: StudyPlan, put: Put) throws -> StudyRecord {
    let record = record(of: plan)
    let isOther = (try? StudyRecord.read(folder)).map { $0.studyDigest != record.studyDigest }
    if isOther == true {
      try put(bytes, folder.nextStudy)
      try put(record.bytes, folder.record)
      try put(bytes, folder.study)
    } else {
      try put(bytes, folder.study)
      try put(record.bytes, folder.record)
    }
    if FilePaths.isTaken(folder.nextStudy) { try DurableFile.remove(folder.nextStudy) }
    return record
  }

  /// What the folder is to hold; files of the end that are there stay known.
  private func record(of plan: StudyPlan) -> StudyRecord {
    var record = StudyRecord(
      name: folder.name, path: FilePaths.absolute(path), isQuick: options.isQuick,
      studyDigest: Digest.sha256(bytes), plan: plan)
    record.outputs = (try? StudyRecord.read(folder))?.outputs ?? []
    record.results = (try? StudyResults(of: folder))?.results.count ?? 0
    return record
  }

  /// Writes the files that show all results; what is recorded of them holds whenever the process ends.
  func write(_ files: [(name: String, text: String)], of record: StudyRecord, put: Put) throws {
    var record = record
    record.outputs = []
    record.results = try StudyResults(of: folder).results.count
    try put(record.bytes, folder.record)
    for (name, text) in files { try put(Array(text.utf8), folder.file(name)) }
    record.outputs = Self.outputs(files)
    try put(record.bytes, folder.record)
  }

  /// What is recorded of `files`.
  static func outputs(_ files: [(name: String, text: String)]) -> [StudyRecord.Output] {
    files.map { StudyRecord.Output(file: $0.name, sha256: Digest.sha256(Array($0.text.utf8))) }
  }
}
