import Datasets
import NeuralNetworks
import Schedules
import Storage

/// A study as its YAML says it: which ways to prune are compared, or what else is asked, on which data and
/// networks, and how often.
///
/// Strict like a schedule, and read by the same rules. A value under `quick` takes the place of the
/// whole value of its key, and the study has to be right in both forms. Parts of it that state one
/// result twice are an error.
package struct StudySettings: Sendable, Equatable {
  /// Most seeds, ratios, data sets or models of a study, and most ways to prune.
  package static let mostOfEach = 1_000

  /// The name of the study and of its folder.
  package let name: String
  /// What it asks.
  package let kind: StudyKind
  /// What a study of another kind than pruning asks; nil for pruning.
  package let experiment: AnyStudyExperiment?
  /// Of the split of the data.
  package let seed: UInt64
  /// At least one; all for the same task, all with a test part.
  package let datasets: [Dataset]
  /// At least one; a trained network that one starts from is the dense network of all seeds.
  package let models: [ModelSettings]
  package let training: TrainingOptions
  /// How the dense networks are trained that do not start from a trained one; nil where all do.
  package let train: TrainSettings?
  /// How networks are trained behind pruning, in every round; nil for not at all.
  package let finetune: TrainSettings?
  /// In how many rounds networks are pruned.
  package let rounds: StudyRounds
  /// At least one, all different, up to 2^63 − 1.
  package let seeds: [UInt64]
  /// At least one way to prune; none in a study of another kind, as of baselines.
  package let methods: [StudyMethod]
  package let baselines: [StudyBaseline]

  /// One of the data sets.
  package struct Dataset: Sendable, Equatable {
    /// What stands in the column `dataset` of the results.
    package let name: String
    package let data: DataSettings
  }

  /// Decodes the bytes of a study.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - quick: whether the values under `quick` hold.
  ///   - environment: the values of environment variables, nil for those that are not set.
  /// - Throws: `ScheduleError` with everything that is wrong, in either form.
  package init(
    _ bytes: [UInt8], file: String, quick: Bool, environment: @escaping (String) -> String?
  ) throws(ScheduleError) {
    let context = DecodingContext(environment: environment, folder: NamedFile(file).folder)
    let root: YAMLNode
    do {
      root = try ScheduleDocument(bytes).root
    } catch {
      throw .invalid(file: file, problems: [error])
    }
    let forms = StudyForms(root, context: context)
    let field = Field(node: forms.full, path: "", context: context)
    let full = StudySettings(decoding: field)
    let reduced = forms.quick.map {
      StudySettings(decoding: Field(node: $0, path: "", context: context))
    }
    guard context.problems.isEmpty, let wanted = quick ? reduced ?? full : full else {
      throw .sorted(file: file, context.problems)
    }
    self = wanted
  }

  /// Whether the study in `bytes` has a reduced form.
  static func hasQuickForm(_ bytes: [UInt8]) -> Bool {
    (try? StudyForms(bytes))?.quick != nil
  }
}

/// A network that is not pruned, for comparison.
package enum StudyBaseline: String, Sendable, CaseIterable {
  /// The dense network, and the same trained on as pruned networks are.
  case unpruned
  /// A uniformly narrower dense network with at most as many weights, trained for as many epochs as a
  /// pruned one in all.
  case narrower
}

/// The two forms of a study's document: as it stands, and with what is under `quick`.
struct StudyForms {
  let full: YAMLNode
  /// Nil where there is no key `quick`.
  let quick: YAMLNode?

  /// The forms of a study that has been read before.
  ///
  /// - Throws: `ScheduleProblem` for what is no document.
  init(_ bytes: [UInt8]) throws(ScheduleProblem) {
    let document = try ScheduleDocument(bytes)
    self.init(document.root, context: Field(placesIn: document.root).context)
  }

  /// The form that is computed, to look for places in.
  func field(quick isQuick: Bool) -> Field {
    Field(placesIn: (isQuick ? quick : nil) ?? full)
  }

  /// The keys that can stand under `quick`.
  static func replaceable(of kind: StudyKind) -> [String] {
    StudySettings.description(of: kind).keys.filter {
      !["version", "kind", "name", "quick"].contains($0)
    }
  }

  init(_ root: YAMLNode, context: DecodingContext) {
    full = root
    let study = Field(node: root, path: "", context: context)
    guard case .mapping(let entries) = root.content,
      let own = entries.first(where: { $0.key == "quick" }), let kind = StudyKind(of: study)
    else {
      quick = nil
      return
    }
    let field = Field(node: own.value, path: "quick", context: context)
    guard field.keys(Self.replaceable(of: kind)) != nil,
      case .mapping(let changes) = own.value.content
    else {
      quick = nil
      return
    }
    // One data set or several, one model or several: either takes the place of either.
    let changed = changes.flatMap { Self.alternatives[$0.key] ?? [$0.key] }
    let kept = entries.filter { !changed.contains($0.key) }
    quick = YAMLNode(position: root.position, content: .mapping(kept + changes))
  }

  private static let alternatives = [
    "data": ["data", "datasets"], "datasets": ["data", "datasets", "noise"],
    "model": ["model", "models"], "models": ["model", "models"],
  ]
}
