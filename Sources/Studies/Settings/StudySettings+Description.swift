import Storage
import NeuralNetworks
import Scheduler
import Schedules

/// What a study can say, described.
extension StudySettings {
  typealias Item<Value> = Part<StudySettings, Value>

  /// Every setting that a study of ways to prune can have.
  package static var description: BlockDescription { description(of: .pruning) }

  /// Every setting that a study of `kind` can have.
  package static func description(of kind: StudyKind) -> BlockDescription {
    let own = kind.experiment.map(settings(of:)) ?? settings
    let isPruning = kind == .pruning
    let name = isPruning ? "" : " of \(kind.rawValue)"
    let fixed = ["version", "kind", "name"]
    let replaceable = own.filter { !fixed.contains($0.key) }.map { setting in
      var setting = setting
      setting.absence = .words("what stands outside")
      return setting
    }
    let quick = BlockDescription(
      "quick\(name)", "What takes the place of whole values under `--quick`.", replaceable)
    return BlockDescription(
      "study\(name)",
      kind.experiment?.summary ?? "Which ways to prune are compared, on which data and networks.",
      own + [Setting("quick", .block(quick), .words("nothing"), quick.summary)],
      exactlyOne: [["data", "datasets"]] + (kind.takesModels ? [["model", "models"]] : [])
        + (kind.experiment?.description.exactlyOne ?? []))
  }

  /// Those of another kind than pruning.
  private static func settings(of experiment: any StudyExperiment.Type) -> [Setting] {
    let own = experiment.description.settings
    let kept = settings.filter { setting in
      switch setting.key {
      case "version", "kind", "name", "seed", "data", "datasets", "noise", "training", "seeds": true
      case "model", "models": experiment.takesModels
      case "train": experiment.trainsDense
      default: false
      }
    }
    return kept + own
  }

  private static var settings: [Setting] {
    let data = Shape.block(DataSettings.block.description)
    let rounds = StudyRounds.block.description.settings
    return Item<Int>.version().settings + kindPart.settings + Item<String>.name(\.name).settings
      + seedPart.settings
      + [
        Setting("data", data, .words("or datasets"), "One data set, with a test part."),
        Setting("datasets", .named("names", data), .words("or data"), "Several, for one task."),
      ] + noisePart.settings
      + [
        Setting("model", model.shape, .words("or models"), "One network."),
        Setting(
          "models", model.several("models").shape, .words("or model"), "Several networks."),
      ] + Item<TrainingOptions>.training(\.training, of: nil).settings
      + trainPart(in: .undecided).settings + finetunePart(in: .undecided).settings + rounds
      + seedsPart.settings + ratiosPart.settings + StudyMethod.descriptions
      + baselinesPart.settings
  }

  // MARK: Parts

  static var kindForm: Form<StudyKind> { .word("kind of study") }

  private static var kindPart: Item<StudyKind> {
    .setting("kind", \.kind, kindForm, default: .pruning, "What the study asks.")
  }

  static var seedPart: Item<UInt64> {
    .setting("seed", \.seed, .seed(), default: 0, "Of the split of the data.")
  }

  static var noisePart: Item<[Double]?> {
    .optional(
      "noise", { _ in nil }, Form.number(.unit).several("noise levels"),
      absent: "that of the data", "Beside generated data: a data set for each level.")
  }

  static func trainPart(in context: StageContext) -> Item<TrainSettings?> {
    .optional(
      "train", \.train, .block(TrainSettings.block("train", recovers: false, in: context)),
      absent: "needed unless all models start from a trained network", isUsual: true,
      "The training of the dense networks, one a data set, model and seed.")
  }

  static func finetunePart(in context: StageContext) -> Item<TrainSettings?> {
    .optional(
      "finetune", \.finetune,
      .block(TrainSettings.block("finetune", recovers: false, in: context)),
      absent: "not at all; needed with several rounds", "The training after every pruning.")
  }

  static var seedsPart: Item<[UInt64]> {
    let list = Form<UInt64>.seed().several("seeds, or their number")
    let form = Form(.either([.integer(1...mostOfEach), list.shape])) { field in
      guard field.plainText != nil else { return list.read(field) }
      return Form.integer(1...mostOfEach).read(field).map { (1...UInt64($0)).map { $0 } }
    } write: {
      list.write($0)
    }
    return .setting(
      "seeds", \.seeds, form, "How many, or which: of weights, sample orders and draws.")
  }

  static var ratiosPart: Item<[Sparsity]> {
    .setting(
      "ratios", { _ in [] }, StudyMethod.ratios, "The shares of all weights that are removed.")
  }

  static var baselinesPart: Item<[StudyBaseline]> {
    .setting(
      "baselines", \.baselines, Form.word("baseline").several("baselines", atLeast: 0), default: [],
      "Networks that are not pruned, for comparison.")
  }
}

extension Form {
  /// A list of values, at least `least` and not too many; `what` they are, for messages.
  func listed(as what: String, atLeast least: Int) -> Form<[Value]> {
    let most = StudySettings.mostOfEach
    return list(of: what, least...most) { count, field in
      if count == 0, least > 0 {
        field.report(.emptyList(of: "element"))
      } else if count < least {
        field.report(.outOfRange("\(count) elements", allowed: "at least \(least)"))
      } else if count > most {
        field.report(.outOfRange("\(count) elements", allowed: "at most \(most)"))
      }
      return (least...most).contains(count)
    }
  }
}

extension Form where Value: Equatable {
  /// The same, and all of them different; `called` what one is, where it is more than a text.
  func several(
    _ what: String, atLeast least: Int = 1, called: String = "this"
  ) -> Form<[Value]> {
    let list = listed(as: what, atLeast: least)
    return list.reading { field in
      guard let values = list.read(field), let items = field.list(of: what) else { return nil }
      for (index, value) in values.enumerated() where values[..<index].contains(value) {
        items[index].report(RelationFault.repeated(items[index].plainText ?? called))
        return nil
      }
      return values
    }
  }
}

extension JSONSchema {
  /// Of studies, of the kind that a study says it is.
  package static var study: JSONSchema {
    JSONSchema(
      of: StudyKind.allCases.map { kind in
        (word: kind == .pruning ? nil : kind.rawValue, StudySettings.description(of: kind))
      }, key: "kind", title: "A study of ecpipe")
  }
}
