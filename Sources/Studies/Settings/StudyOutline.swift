import Schedules
import Storage

/// What a study compares, without data, networks and all that only computing needs: what its results
/// are told by after its file, or a file that it names, has gone.
package struct StudyOutline: Sendable, Equatable {
  /// One way to prune.
  package struct Method: Sendable, Equatable {
    /// For people: `ec fisher`, `magnitude + ec`.
    package let title: String
    /// The columns criterion, metric, compensation and budget of the results.
    package let criterion: String
    package let metric: String?
    package let compensation: String
    package let budget: String
    /// Whether the criterion comes with the compensation it was published with.
    package let isAsPublished: Bool
  }

  /// A setting of a study of another kind than pruning, for people.
  package struct Line: Sendable, Equatable {
    package let title: String
    package let text: String

    package init(_ title: String, _ text: String) {
      self.title = title
      self.text = text
    }
  }

  package let kind: StudyKind
  /// What a study of another kind says besides.
  package let lines: [Line]
  /// The loss that all networks are trained for.
  package let loss: String
  /// Epochs of the dense networks; nil where they are trained elsewhere.
  package let trainEpochs: Int?
  /// Epochs behind pruning, in every round; nil for none.
  package let finetuneEpochs: Int?
  package let rounds: Int
  package let seeds: [UInt64]
  /// In the study's order.
  package let methods: [Method]
  package let baselines: [StudyBaseline]
}

extension StudySettings {
  /// What it compares.
  package var outline: StudyOutline {
    StudyOutline(
      kind: kind, lines: experiment?.value.lines ?? [], loss: training.loss.word,
      trainEpochs: train?.epochs, finetuneEpochs: finetune?.epochs,
      rounds: rounds.count, seeds: seeds,
      methods: methods.map { method in
        StudyOutline.Method(
          title: method.title, criterion: method.label, metric: method.metric?.rawValue,
          compensation: method.criterion.compensation.rawValue, budget: method.budget.name,
          isAsPublished: method.isAsPublished)
      }, baselines: baselines)
  }
}

extension StudyOutline {
  /// As `study.json` and `show --json` have it.
  package var json: JSONValue {
    if kind != .pruning {
      return [
        "kind": .string(kind.rawValue), "loss": .string(loss),
        "train_epochs": JSONValue(trainEpochs),
        "seeds": JSONValue(seeds.map { JSONValue(Int(exactly: $0)) }),
        "settings": JSONValue(
          lines.map { ["title": .string($0.title), "text": .string($0.text)] }),
      ]
    }
    return [
      "loss": .string(loss), "train_epochs": JSONValue(trainEpochs),
      "finetune_epochs": JSONValue(finetuneEpochs), "rounds": JSONValue(rounds),
      "seeds": JSONValue(seeds.map { JSONValue(Int(exactly: $0)) }),
      "methods": JSONValue(methods.map(\.json)),
      "baselines": JSONValue(baselines.map { .string($0.rawValue) }),
    ]
  }

  /// Reads what `json` wrote.
  ///
  /// - Throws: `JSONError`.
  package init(json: JSONValue) throws(JSONError) {
    let word = json["kind"]?.stringValue
    guard let kind = word.map(StudyKind.init) ?? .pruning else {
      throw .wrongKind(path: "kind", expected: "a kind of study", found: word ?? "")
    }
    self.kind = kind
    loss = try json.string(at: "loss")
    trainEpochs = try json.value(at: "train_epochs").intValue
    seeds = try json.array(at: "seeds").compactMap { $0.intValue.flatMap(UInt64.init(exactly:)) }
    guard kind == .pruning else {
      lines = try json.array(at: "settings").map { (json) throws(JSONError) in
        Line(try json.string(at: "title"), try json.string(at: "text"))
      }
      (finetuneEpochs, rounds, methods, baselines) = (nil, 1, [], [])
      return
    }
    lines = []
    finetuneEpochs = try json.value(at: "finetune_epochs").intValue
    rounds = try json.integer(at: "rounds")
    methods = try json.array(at: "methods").map(Method.init(json:))
    baselines = try json.array(at: "baselines").compactMap {
      $0.stringValue.flatMap(StudyBaseline.init)
    }
  }
}

extension StudyOutline.Method {
  fileprivate var json: JSONValue {
    [
      "title": .string(title), "criterion": .string(criterion), "metric": JSONValue(metric),
      "compensation": .string(compensation), "budget": .string(budget),
      "as_published": .bool(isAsPublished),
    ]
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    title = try json.string(at: "title")
    criterion = try json.string(at: "criterion")
    metric = try json.value(at: "metric").stringValue
    compensation = try json.string(at: "compensation")
    budget = try json.string(at: "budget")
    isAsPublished = try json.bool(at: "as_published")
  }
}
