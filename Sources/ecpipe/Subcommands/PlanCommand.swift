import ArgumentParser
import Runs
import Storage
import Studies

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every stage with the exact number of weights it leaves, before anything runs.",
    discussion: "Of a study, every cell with the number of weights that it is pruned to.",
    examples: [
      "ecpipe plan pipelines/digits.yaml",
      "ecpipe plan pipelines/digits.yaml --set seed=7 --json",
    ])

  @OptionGroup var options: ScheduleOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    if let study = try options.study(.beforeProducts) {
      let plan = try study.planned().plan
      return try output.print(plan.json, or: StudyText.lines(of: plan, width: Output.width))
    }
    let plan = try options.plan(output.tell).withoutTrials
    try output.print(plan.json, or: PlanTable.lines(of: plan, width: Output.width))
  }
}

extension StudyPlan {
  /// The form of `plan --json` for a study.
  fileprivate var json: JSONValue {
    [
      "format": 1, "kind": "study", "name": .string(settings.name),
      "dense": JSONValue(
        groups.filter { $0.start == nil }.map {
          ["name": .string($0.text), "key": .string($0.key)]
        }),
      "cells": JSONValue(cells.map { StudyRecord.Cell($0).json }),
    ]
  }
}

extension Plan {
  /// The form of `plan --json`.
  fileprivate var json: JSONValue {
    [
      "format": 1, "name": .string(name),
      "stages": .array(
        stages.map { stage in
          var json: JSONValue = [
            "name": .string(stage.name), "kind": .string(stage.kind.rawValue),
            "key": .string(stage.key), "epochs": JSONValue(stage.epochs),
            "sparsity": JSONValue(stage.sparsity), "weights": JSONValue(stage.weights),
            "layers": layerCounts(of: stage).map { .array($0.map(\.json)) } ?? .null,
          ]
          if let call = stage.callTime {
            json["limit"] = [
              "milliseconds": JSONValue(call.milliseconds), "batch": JSONValue(call.batch),
            ]
          }
          if case .search(let action) = stage.action { json["search"] = action.json }
          return json
        }),
    ]
  }
}
