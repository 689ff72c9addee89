import Datasets
import Storage

/// What becomes of missing values, and by what texts they are known: a word, or
/// `mean: {markers: ["-", n/a]}`.
struct MissingSettings: Equatable {
  var policy: ColumnSettings.Missing = .error
  /// Whether a row without a target is left out where missing inputs are filled.
  var dropsTargets = false
  /// Nil for the usual ones.
  var markers: [String]?

  /// The setting of the settings of a table.
  static var part: Part<TableSettings, MissingSettings> {
    .setting(
      "missing", { MissingSettings($0.columns) }, form, default: MissingSettings(),
      examples: [
        "drop", "mean", ["median": ["targets": "drop"]],
        ["error": ["markers": ["-", "n/a", "-999"]]],
      ],
      "What becomes of missing values: an error, the row is left out, or the mean or median of the column "
        + "in the training part stands for them; in a column of text, mean and median make a level of "
        + "their own. A target is never filled: its row is left out where `drop`, or `targets: drop`, says so. In inputs and labels alike, an empty field and NA, N/A, "
        + "#N/A, <NA>, NaN, null, None and ? in any case are missing, or an empty field and the markers."
    )
  }

  init() {}

  init(_ columns: ColumnSettings) {
    policy = columns.missing
    dropsTargets = columns.dropsTargets
    markers = columns.markers
  }

  private init(
    _ policy: ColumnSettings.Missing, _ markers: [String]?, dropsTargets: Bool = false
  ) {
    self.policy = policy
    self.dropsTargets = dropsTargets
    self.markers = markers
  }

  private static var form: Form<MissingSettings> {
    let cases = ColumnSettings.Missing.allCases.map { policy in
      Case(
        policy.rawValue, block(policy), wrap: { $0 },
        unwrap: { $0.policy == policy ? $0 : nil })
    }
    let choice = Form<MissingSettings>.choice("treatment of missing values", cases)
    // A word alone where nothing else is said.
    return Form(choice.shape, choice.read) { settings in
      settings.markers == nil && !settings.dropsTargets
        ? .string(settings.policy.rawValue) : choice.write(settings)
    }
  }

  private static func block(_ policy: ColumnSettings.Missing) -> Block<MissingSettings> {
    let text = Form<String>(.text("a text")) { field in
      field.string("a text that stands for a missing value")?.value
    } write: {
      .string($0)
    }
    let markers: Part<MissingSettings, [String]?> = .optional(
      "markers", \.markers, text.list(of: "texts", 0...Int.max), absent: "the usual ones",
      examples: [["-", "n/a"], ["-999"]] as [JSONValue],
      "The texts that stand for a missing value beside an empty field, in place of the usual ones. One "
        + "that is a number stands for every way to write it; an empty list makes NA and its like text."
    )
    let name = "missing \(policy.rawValue)"
    guard policy.isFilled else {
      return Block(name, policy.summary, markers, make: { MissingSettings(policy, $0) })
    }
    let targets: Part<MissingSettings, MissingTarget?> = .optional(
      "targets", { $0.dropsTargets ? .drop : nil }, .word("treatment of missing targets"),
      absent: "error", omitted: true,
      "What becomes of a row without a target, which cannot be filled: an error, or it is left out."
    )
    return Block(
      name, policy.summary, targets, markers,
      make: { targets, markers in
        MissingSettings(policy, markers, dropsTargets: targets == .drop)
      })
  }
}

/// What becomes of a row without a target.
private enum MissingTarget: String, CaseIterable {
  case error
  case drop
}

extension ColumnSettings.Missing {
  /// What it does.
  fileprivate var summary: String {
    switch self {
    case .error: "A missing value is an error."
    case .drop: "The row of a missing value is left out."
    case .mean: "The mean of the column in the training part stands for a missing value."
    case .median: "The median of the column in the training part stands for a missing value."
    }
  }
}
