import Runs
import Storage

/// How far a study has come, cell by cell.
package struct StudyStatus: Sendable, Equatable {
  /// How far one cell has come.
  package enum State: String, Sendable, CaseIterable {
    case done
    case running
    case failed
    case pending
  }

  /// The study's file beside the copy in the folder.
  package enum FileState: String, Sendable {
    case same
    case changed
    case gone
  }

  package let record: StudyRecord
  /// Of every cell, in the order of the results.
  package let states: [State]
  /// Dense networks that are trained.
  package let trained: Int
  /// Dense networks that are being trained, by their names.
  package let training: [String]
  package let isRunning: Bool
  /// Whether the study's file is another one than was computed, or gone.
  package let fileState: FileState
  package let history: StudyHistory

  /// The state of the study in `folder`.
  ///
  /// - Throws: `RunFailure.damaged`, `.missing`, `StoreError`.
  package init(of folder: StudyFolder) throws {
    // Before and after: a process may begin, or end, while this reads.
    let (wasHeld, wereAlive) = (FileLock.isHeld(path: folder.lock), folder.aliveWorkers)
    record = try StudyRecord.demand(folder)
    let own = StudyHistory(path: folder.events)
    let logs = folder.workerNames.map {
      (worker: $0, history: StudyHistory(path: folder.events(ofWorker: $0)))
    }
    history = logs.map(\.history).reduce(own) { $0.joined($1) }
    let results = try StudyResults(of: folder).results
    let isHeld = wasHeld || FileLock.isHeld(path: folder.lock)
    let alive = Set(wereAlive + folder.aliveWorkers)
    // A worker that hangs where all is done keeps nobody waiting.
    let isWhole = record.cells.allSatisfy { results[$0.key] != nil } && !record.outputs.isEmpty
    isRunning = isHeld || !alive.isEmpty && !isWhole
    let failed = Set(history.failed.map(\.text))
    let begun = Set(
      (isHeld ? own.begun : []) + logs.filter { alive.contains($0.worker) }.flatMap(\.history.begun)
    )
    states = record.cells.map { cell in
      if results[cell.key] != nil { return .done }
      if begun.contains(cell.identity.text) { return .running }
      return failed.contains(cell.identity.text) ? .failed : .pending
    }
    trained = record.dense.count { FilePaths.exists(folder.file($0.file)) }
    training = record.dense.map(\.text).filter(begun.contains)
    let now = try? Digest.sha256(fileAt: record.path)
    fileState = now == nil ? .gone : now == record.studyDigest ? .same : .changed
  }

  /// Cells in `state`.
  package func count(_ state: State) -> Int { states.count { $0 == state } }

  /// done, running, failed, pending where nothing was begun yet, or interrupted.
  package var summary: String {
    if isRunning { return "running" }
    if count(.done) == states.count { return "done" }
    if history.message != nil { return "failed" }
    return history.hasBegun || count(.done) > 0 ? "interrupted" : "pending"
  }

  /// The last error; nil where the study is done or did not fail.
  package var message: String? { summary == "failed" ? history.message : nil }

  /// The form of `status --json`.
  package var json: JSONValue {
    var cells: JSONObject = ["total": JSONValue(states.count)]
    for state in State.allCases { cells[state.rawValue] = JSONValue(count(state)) }
    return [
      "format": 1, "kind": "study", "name": .string(record.name), "status": .string(summary),
      "message": JSONValue(message), "study": .string(record.path),
      "study_file": .string(fileState.rawValue), "quick": .bool(record.isQuick),
      "cells": .object(cells),
      "dense": [
        "total": JSONValue(record.dense.count), "trained": JSONValue(trained),
        "running": JSONValue(training.map { .string($0) }),
      ],
      "open": JSONValue(
        zip(record.cells, states).filter { $1 != .done }.map { cell, state in
          var json = cell.identity.json
          json["status"] = .string(state.rawValue)
          return .object(json)
        }),
      "failures": JSONValue(
        history.failed.map { ["cell": .string($0.text), "message": .string($0.message)] }),
    ]
  }
}
