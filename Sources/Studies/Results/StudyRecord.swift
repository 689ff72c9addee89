import Runs
import Storage

/// `study.json`: what a study's folder is to hold, written before anything is measured and again at the
/// end, so that its state can be told without the study's file and its data.
package struct StudyRecord: Sendable, Equatable {
  /// One cell, by the key of its result.
  package struct Cell: Sendable, Equatable {
    package let key: String
    package let identity: StudyCellIdentity
    /// Weights that are left.
    package let weights: Int
  }

  /// A dense network that the study trains.
  package struct Dense: Sendable, Equatable {
    /// For people.
    package let text: String
    package let key: String
    /// The checkpoint's name in the folder.
    package let file: String
  }

  /// A file that was written whole at the end.
  package struct Output: Sendable, Equatable {
    package let file: String
    package let sha256: String
  }

  package let name: String
  /// The study's file, from the root.
  package let path: String
  /// Whether the reduced form is computed.
  package let isQuick: Bool
  /// SHA-256 of the study as it was given.
  package let studyDigest: String
  package let outline: StudyOutline
  /// In the order of the results.
  package let cells: [Cell]
  package let dense: [Dense]
  /// Empty until the study is done, and while they are written.
  package var outputs: [Output] = []
  /// Results in the journals when this was written, of all cells that the study ever had; journals lose none. 0
  /// where an earlier version has written it, which did not count.
  package var results = 0

  /// What is known of `plan` before anything is measured.
  package init(
    name: String, path: String, isQuick: Bool, studyDigest: String, plan: StudyPlan
  ) {
    self.name = name
    self.path = path
    self.isQuick = isQuick
    self.studyDigest = studyDigest
    outline = plan.settings.outline
    cells = plan.cells.map(Cell.init)
    dense = plan.groups.filter(\.trainsDense).map {
      Dense(text: $0.text, key: $0.key, file: $0.fileName)
    }
  }

  /// The table of the cells that have results under their keys.
  package func table(_ results: [String: StudyResult]) -> StudyTable {
    StudyTable(
      kind: outline.kind,
      rows: cells.compactMap { cell in
        results[cell.key].map { StudyTable.Row(identity: cell.identity, result: $0) }
      })
  }
}

// MARK: The file

extension StudyRecord {
  private static let format = 2

  /// The file's bytes, with their digest among them.
  package var bytes: [UInt8] {
    Array((JSONValue.object(SealedObject.sealed(json)).readable + "\n").utf8)
  }

  /// The record in `folder`; nil where a study has not got as far as that.
  ///
  /// - Throws: `RunFailure.damaged` naming the file, `.invalid` for another format, `StoreError`.
  package static func read(_ folder: StudyFolder) throws -> StudyRecord? {
    guard let bytes = try FilePaths.readIfThere(folder.record) else { return nil }
    do {
      let value = try JSONValue(parsing: bytes)
      guard let sealed = value.objectValue, sealed["sha256"]?.stringValue != nil else {
        throw RunFailure.damaged(file: folder.record, reason: "it is no study's record")
      }
      guard let json = SealedObject.opened(sealed) else {
        throw RunFailure.damaged(file: folder.record, reason: "its SHA-256 is not the stated one")
      }
      guard json["format"]?.intValue == format else {
        throw RunFailure.invalid(
          "\(folder.record): this is of another version of ecpipe; ecpipe compare writes it anew")
      }
      return try StudyRecord(json: value)
    } catch let error as JSONError {
      throw RunFailure.damaged(file: folder.record, reason: "\(error)")
    }
  }

  /// The record in `folder`.
  ///
  /// - Throws: `RunFailure.missing` where there is none, and what `read` throws.
  package static func demand(_ folder: StudyFolder) throws -> StudyRecord {
    // One that begins, or begins anew, is about to write it.
    try folder.look().value {
      if let record = try read(folder) { return record }
      throw RunFailure.missing(
        path: folder.record,
        what: folder.hasBegun
          ? "the rest of the study is there, and ecpipe compare STUDY.yaml writes this file again"
          : "the study was stopped before it had begun; start it with ecpipe compare")
    }
  }

  private var json: JSONObject {
    [
      "format": JSONValue(Self.format), "name": .string(name), "path": .string(path),
      "quick": .bool(isQuick), "study_sha256": .string(studyDigest), "outline": outline.json,
      "cells": JSONValue(cells.map(\.json)),
      "dense": JSONValue(
        dense.map { ["text": .string($0.text), "key": .string($0.key), "file": .string($0.file)] }),
      "outputs": JSONValue(
        outputs.map { ["file": .string($0.file), "sha256": .string($0.sha256)] }),
      "results": JSONValue(results),
    ]
  }

  private init(json: JSONValue) throws(JSONError) {
    name = try json.string(at: "name")
    path = try json.string(at: "path")
    isQuick = try json.bool(at: "quick")
    studyDigest = try json.string(at: "study_sha256")
    let outline = try StudyOutline(json: json.value(at: "outline"))
    self.outline = outline
    cells = try json.array(at: "cells").map { (json) throws(JSONError) in
      try Cell(json: json, of: outline.kind)
    }
    dense = try json.array(at: "dense").map { (json) throws(JSONError) in
      Dense(
        text: try json.string(at: "text"), key: try json.string(at: "key"),
        file: try json.string(at: "file"))
    }
    outputs = try json.array(at: "outputs").map { (json) throws(JSONError) in
      Output(file: try json.string(at: "file"), sha256: try json.string(at: "sha256"))
    }
    results = json["results"]?.intValue ?? 0
  }
}

extension StudyRecord.Cell {
  /// What is known of `cell` before it is measured.
  package init(_ cell: StudyCell) {
    self.init(key: cell.key, identity: cell.identity, weights: cell.weights)
  }

  /// The columns of the results, with the key and the weights.
  package var json: JSONValue {
    var json = identity.json
    json["key"] = .string(key)
    json["weights"] = JSONValue(weights)
    return .object(json)
  }

  fileprivate init(json: JSONValue, of kind: StudyKind) throws(JSONError) {
    self.init(
      key: try json.string(at: "key"), identity: try StudyCellIdentity(json: json, of: kind),
      weights: try json.integer(at: "weights"))
  }
}
