import ArgumentParser
import ModelFiles
import Reports
import Runs
import Storage
import Studies

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a checkpoint, or another model's file, or a study holds.",
    discussion: """
      Of a study, by its name or folder: what it compares, and its results so far.

      --sizes shows what the model takes: weights, multiply-adds, memory, time here, and bytes in every form \
      that can be written; as it is, as the dense network of its shapes, and as shrinking leaves it.
      """,
    examples: [
      "ecpipe show digits --sizes",
      "ecpipe show checkpoints/digits/result.safetensors --lineage",
    ])

  @Argument(help: anyModelHelp, completion: .models)
  var checkpoint: String

  @Flag(help: "Show the chain of stages that it comes from, down to the initial model.")
  var lineage = false

  @Flag(help: "Show what it takes: dense, as it is, and shrunk.")
  var sizes = false

  @OptionGroup var stateDict: ActivationOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if lineage, sizes {
      throw ValidationError("--sizes: --lineage shows other things; leave one out")
    }
  }

  func run() throws {
    if let study = folders.locator.study(checkpoint) { return try show(study) }
    let path = try folders.locator.checkpoint(checkpoint)
    do {
      try showCheckpoint(path)
    } catch  where !StoredCheckpoint.isMeant(path) {
      if lineage {
        throw RunFailure.invalid(
          "\(path): this is no checkpoint, so there is no chain of stages; leave --lineage out")
      }
      let summary = try StoredModelSummary(path: path, activation: stateDict.given)
      try print(summary.json, summary.lines(width: Output.width), sizesOf: path)
    }
  }

  /// Prints what is known of the model at `path`, and what it takes where that is wanted.
  private func print(_ json: JSONValue, _ lines: [String], sizesOf path: String) throws {
    guard sizes else { return try output.print(json, or: lines) }
    let model = try StoredModel(path: path, activation: stateDict.given)
    try WorkMemory.demand(
      ModelSizes.memory(weightCount: model.state.originalWeightCount),
      for: "measuring the sizes of \(path)", advice: "leave --sizes out",
      present: MemoryAllowance.present)
    let sizes = ModelSizes(of: model, pool: try threads.pool)
    var json = json
    json["sizes"] = sizes.json
    try output.print(json, or: lines + [""] + SizesTable(sizes: sizes, width: Output.width).lines)
  }

  /// Shows what a study compares, and its results so far.
  private func show(_ study: StudyFolder) throws {
    if lineage || sizes {
      throw RunFailure.commandLine(
        "\(study.path): this is the folder of a study, which has no "
          + (lineage ? "chain of stages; leave --lineage out" : "model; leave --sizes out"))
    }
    let record = try StudyRecord.demand(study)
    let table = record.table(try StudyResults(of: study).results)
    var json: JSONValue = [
      "format": 1, "kind": "study", "name": .string(record.name),
      "study": .string(record.path), "quick": .bool(record.isQuick),
      "compares": record.outline.json, "cells": JSONValue(record.cells.count),
      "measured": JSONValue(table.rows.count),
    ]
    for member in FindingsText.json(of: record.outline, table) { json[member.name] = member.value }
    try output.print(
      json, or: StudyText.lines(of: record, table, in: study, width: Output.width))
  }

  /// What a checkpoint says, and what its run records of it.
  private typealias Shown = (
    summary: CheckpointSummary, classes: [String], chain: CheckpointLineage?
  )

  /// Reads both of one file, wherever a run at work leads the link `path` meanwhile.
  private static func read(_ path: String) throws -> Shown {
    func isOfOne(_ shown: Shown) -> Bool {
      shown.chain.map { $0.steps[0].key == shown.summary.lineage["key"]?.stringValue } ?? true
    }
    return try SteadyLook(atFile: path).value(isSettled: isOfOne) { () throws -> Shown in
      let (summary, classes) = try StoredCheckpoint.summaryWithClasses(of: path)
      return (summary, classes, try? CheckpointLineage(of: path))
    }
  }

  /// Shows a checkpoint, of which no more than the beginning is read.
  private func showCheckpoint(_ path: String) throws {
    if lineage {
      let chain = try CheckpointLineage(of: path)
      return try output.print(chain.json, or: chain.lines)
    }
    let (summary, classes, chain) = try Self.read(path)
    let metrics = chain?.steps.first?.metrics ?? []
    let measured = metrics.flatMap { part in
      MetricsText(part.metrics, loss: chain?.lossName ?? "").lines(of: part.part)
    }
    var json = summary.json(classes: classes)
    json["metrics"] = metrics.isEmpty ? .null : PartMetrics.json(metrics)
    try print(json, summary.lines(path: path, classes: classes, measured: measured), sizesOf: path)
  }
}

extension CheckpointSummary {
  /// The form of `show --json`.
  ///
  /// - Parameter classes: their names, which lie behind what is summed up.
  fileprivate func json(classes: [String]) -> JSONValue {
    [
      "format": 1, "bytes": JSONValue(fileBytes), "weights": JSONValue(weights),
      "total": JSONValue(weightCount), "original_total": JSONValue(originalWeightCount),
      "original_widths": original?.json ?? .null,
      "sparsity": JSONValue(sparsity), "lineage": lineage, "fingerprint": fingerprint,
      "classes": JSONValue(classes.map { .string($0) }),
      "interface": interface?.json ?? .null,
      "optimizer": JSONValue(optimizer != nil), "interrupted": JSONValue(progress != nil),
      "layers": .array(
        layers.map { layer in
          [
            "name": .string(layer.name), "inputs": JSONValue(layer.inputs),
            "outputs": JSONValue(layer.outputs), "activation": .string(layer.activation.rawValue),
            "weights": JSONValue(layer.weights), "total": JSONValue(layer.weightCount),
          ]
        }),
      "entries": .array(
        entries.map { entry in
          [
            "name": .string(entry.form.name), "stored_bytes": JSONValue(entry.storedBytes),
            "decoded_bytes": JSONValue(entry.decodedBytes), "digest": .string(entry.digest),
          ]
        }),
    ]
  }

  fileprivate func lines(path: String, classes: [String], measured: [String]) -> [String] {
    let widths = ([layers[0].inputs] + layers.map(\.outputs)).map(String.init)
    var lines = [
      "\(path)",
      "network   \(widths.joined(separator: "-")), \(layers[0].activation.rawValue)",
    ]
    lines += OriginalText(weights: weights, total: weightCount, original: original).lines
    lines += [
      "file      \(Figures.count(fileBytes, "byte")); dense float32 would take "
        + Figures.grouped(4 * originalWeightCount)
    ]
    lines += InterfaceText(interface, classes: classes).lines
    if let stage = lineage["stage"]?.stringValue { lines.append("stage     \(stage)") }
    if let key = lineage["key"]?.stringValue { lines.append("key       \(key)") }
    if let parent = lineage["parent"]?.stringValue { lines.append("parent    \(parent)") }
    if let data = lineage["data"]?.stringValue { lines.append("data      \(data)") }
    lines += measured.map { "metrics   " + $0 }
    if optimizer != nil { lines.append("optimizer moments are stored") }
    if progress != nil { lines.append("progress  inside an unfinished stage") }
    var table = TextTable([
      ("layer", .left), ("shape", .right), ("weights", .right), ("density", .right),
    ])
    for layer in layers {
      table.add([
        layer.name, "\(layer.outputs)x\(layer.inputs)", Figures.grouped(layer.weights),
        Figures.percent(Double(layer.weights) / Double(max(layer.weightCount, 1)), 2),
      ])
    }
    return lines + [""] + table.lines(width: Output.width)
  }
}
