import ModelFiles
import Runs
import Storage

/// Compares all that a study's folder holds with what was written: the study, its record, the result of
/// every cell, every dense network, the table and the page.
package struct StudyVerification {
  /// What a verification of a study found.
  package struct Report: Sendable, Equatable, FindingReport {
    package let name: String
    /// Cells of the study, and those whose results are there and sound.
    package var cells = 0
    package var sound = 0
    /// Dense networks that were decoded.
    package var networks = 0
    /// Files of the table and the page that were compared.
    package var outputs = 0
    package var bytes = 0
    package var findings: [VerificationFinding] = []
    package var notes: [String] = []

    mutating func add(
      _ file: String, _ reason: String, _ remedy: String = "ecpipe compare makes it anew"
    ) {
      findings.append(
        VerificationFinding(
          file: file, stage: nil, reason: CheckpointError.withoutRemedy(reason), remedy: remedy))
    }
  }

  private let folder: StudyFolder

  package init(folder: StudyFolder) { self.folder = folder }

  /// Looks at everything; beside processes at work only what is found again and again counts.
  ///
  /// - Throws: `RunFailure.missing` where the study has not begun, `.invalid` for another format,
  ///   `StoreError`.
  package func report() throws -> Report {
    try folder.look([folder.study, folder.record, folder.results, folder.report]).report(look)
  }

  /// What a single look finds: a process at work may have changed something between two of its reads.
  private func look() throws -> Report {
    var report = Report(name: folder.name)
    let record = try record(&report)
    if let record { try Self.look(&report) { try checkStudy(record, &$0) } }
    try Self.look(&report) { try checkCells(record, &$0) }
    guard let record else { return report }
    try checkNetworks(record, &report)
    for output in record.outputs { try Self.look(&report) { try check(output, &$0) } }
    return report
  }

  /// Looks at a file by `body`; what stands in its place and is no file is damage of that file, and the others are
  /// looked at all the same.
  private static func look(
    _ report: inout Report, _ body: (inout Report) throws -> Void
  ) throws {
    do {
      try body(&report)
    } catch let error as StoreError {
      guard let finding = VerificationFinding(noFile: error) else { throw error }
      report.findings.append(finding)
    }
  }

  /// The record; nil where it is damaged or lost, which is told.
  ///
  /// - Throws: `RunFailure.missing` where the study has not begun.
  private func record(_ report: inout Report) throws -> StudyRecord? {
    let remedy = "ecpipe compare writes it anew"
    var record: StudyRecord?
    try Self.look(&report) { report in
      do {
        record = try StudyRecord.read(folder)
        if record == nil {
          // Without anything else it says that nothing has begun.
          if !folder.hasBegun { _ = try StudyRecord.demand(folder) }
          report.add(folder.record, "the file is gone", remedy)
        }
      } catch RunFailure.damaged(let file, let reason) {
        report.add(file, reason, remedy)
      }
    }
    return record
  }

  private func checkStudy(_ record: StudyRecord, _ report: inout Report) throws {
    guard let bytes = try FilePaths.readIfThere(folder.study) else {
      return report.add(folder.study, "the file is gone")
    }
    report.bytes += bytes.count
    if Digest.sha256(bytes) == record.studyDigest { return }
    if (try? Digest.sha256(fileAt: folder.nextStudy)) == record.studyDigest {
      report.notes.append(
        "\(folder.study): it is the study of before, as ecpipe compare leaves it that was killed; the next one "
          + "writes it anew")
    } else {
      report.add(folder.study, "its SHA-256 is not the recorded one")
    }
  }

  private func checkCells(_ record: StudyRecord?, _ report: inout Report) throws {
    // The log first: what it says was measured is in the results that are read then.
    let ended = record.map { Self.isOpen($0) ? StudyHistory.ended(path: folder.events) : [] } ?? []
    let found = try StudyResults(of: folder)
    let results = found.results
    report.bytes += found.bytes
    for (path, lines) in found.damaged {
      report.add(
        path, "\(counted(lines, "line is", "lines are")) not as written",
        "ecpipe compare measures \(lines == 1 ? "its cell" : "their cells") again")
    }
    for path in folder.misplacedJournals {
      report.add(path, "it is a folder, where a worker's results should be", "move it away")
    }
    guard let record else { return }
    report.cells = record.cells.count
    report.sound = record.cells.count { results[$0.key] != nil }
    checkCount(record, found, ended, &report)
    let others = Set(results.keys).subtracting(record.cells.map(\.key)).count
    if others > 0 {
      report.notes.append(
        "\(folder.cells): \(counted(others, "result is", "results are")) of cells that the "
          + "study no longer has")
    }
  }

  /// Whether all results are there that were there when the record was written, or, of a study that is not finished,
  /// as many as its log says were measured since. A damaged line may have been one.
  ///
  /// - Parameter ended: what the log of a study that is not finished says was ended.
  private func checkCount(
    _ record: StudyRecord, _ found: StudyResults, _ ended: Set<String>, _ report: inout Report
  ) {
    let measured = Set(record.cells.map(\.identity.text)).intersection(ended).count
    // A lower bound: what the last call has measured comes on top of the results of the record, unless it was killed
    // and another one has counted both.
    let lost =
      max(record.results, measured) - found.results.count
      - found.damaged.reduce(0) { $0 + $1.lines }
    guard lost > 0 else { return noteOpenCells(record, &report) }
    // Of a study that only workers have measured there has never been one.
    let hasWorkers = !folder.workerNames.isEmpty
    let isGone = !hasWorkers && !FilePaths.exists(folder.cells)
    report.add(
      folder.cells,
      (isGone ? "the file is gone: " : "")
        + "\(counted(lost, "result is", "results are")) not there any more"
        + (hasWorkers ? ", in it or in those of workers" : ""),
      "ecpipe compare measures \(lost == 1 ? "its cell" : "their cells") again")
  }

  /// Whether the study of `record` was not finished when that was written. One that has got more cells since it was
  /// done still has the table and the page of then.
  private static func isOpen(_ record: StudyRecord) -> Bool {
    record.outputs.isEmpty || record.results < record.cells.count
  }

  /// Of a study that is not finished nobody knows how many results there were, once workers have measured some.
  private func noteOpenCells(_ record: StudyRecord, _ report: inout Report) {
    let open = report.cells - report.sound
    guard Self.isOpen(record), open > 0 else { return }
    report.notes.append(
      "\(folder.record): the study is not finished: \(counted(open, "cell has", "cells have")) no result yet"
        + (folder.workerNames.isEmpty
          ? "" : ", or none any more: what workers have measured is counted at the end")
        + "; ecpipe compare measures what is missing")
  }

  private func checkNetworks(_ record: StudyRecord, _ report: inout Report) throws {
    let isDone = !record.outputs.isEmpty && report.sound == report.cells
    for dense in record.dense {
      let path = folder.file(dense.file)
      guard FilePaths.exists(path) else {
        // Whatever comes from it is measured.
        if isDone {
          report.notes.append(
            "\(path): not there any more; ecpipe compare trains it again where a cell needs it")
        }
        continue
      }
      do {
        let contents = try StoredCheckpoint.contents(of: path)
        if contents.lineage["key"]?.stringValue != dense.key {
          report.add(path, "it is the checkpoint of another network")
        }
        report.networks += 1
        report.bytes += FilePaths.size(of: path) ?? 0
      } catch RunFailure.damaged(_, let reason) {
        report.add(path, reason, Self.networkRemedy)
      } catch RunFailure.invalid(let reason) {
        report.add(path, reason, Self.networkRemedy)
      }
    }
  }

  private static let networkRemedy =
    "move it away; ecpipe compare trains it again where a cell needs it"

  private func check(_ output: StudyRecord.Output, _ report: inout Report) throws {
    let path = folder.file(output.file)
    guard let bytes = try FilePaths.readIfThere(path) else {
      return report.add(path, "the file is gone")
    }
    report.bytes += bytes.count
    report.outputs += 1
    if Digest.sha256(bytes) != output.sha256 {
      report.add(path, "its SHA-256 is not the recorded one")
    }
  }
}

extension StudyVerification.Report {
  /// - Throws: `VerificationFailure` when anything is damaged.
  package func check() throws(VerificationFailure) {
    if !findings.isEmpty { throw VerificationFailure(findings: findings) }
  }

  /// The form of `verify --json`.
  package var json: JSONValue {
    [
      "format": 1, "kind": "study", "name": .string(name), "sound": .bool(findings.isEmpty),
      "cells": JSONValue(cells), "measured": JSONValue(sound), "networks": JSONValue(networks),
      "files": JSONValue(outputs), "bytes": JSONValue(bytes),
      "findings": .array(findings.map(\.json)), "notes": .array(notes.map { .string($0) }),
    ]
  }
}
