import Datasets
import Storage

/// What becomes of missing values, and by what texts they are known: a word, or
/// `mean: {markers: ["-", n/a]}`.
struct MissingSettings: Equatable {
  var policy: ColumnSettings.Missing = .error
  /// Nil for the usual ones.
  var markers: [String]?

  /// The setting of the settings of a table.
  static var part: Part<TableSettings, MissingSettings> {
    .setting(
      "missing", { MissingSettings($0.columns) }, form, default: MissingSettings(),
      examples: ["drop", "mean", ["error": ["markers": ["-", "n/a", "-999"]]]],
      "What becomes of missing values: an error, the row is left out, or the mean or median of the column "
        + "in the training part stands for them; in a column of text, mean and median make a level of "
        + "their own. A target is never filled. In inputs and labels alike, an empty field and NA, N/A, "
        + "#N/A, <NA>, NaN, null, None and ? in any case are missing, or an empty field and the markers."
    )
  }

  init() {}

  init(_ columns: ColumnSettings) {
    policy = columns.missing
    markers = columns.markers
  }

  private init(_ policy: ColumnSettings.Missing, _ markers: [String]?) {
    self.policy = policy
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
      settings.markers == nil ? .string(settings.policy.rawValue) : choice.write(settings)
    }
  }

  private static func block(_ policy: ColumnSettings.Missing) -> Block<MissingSettings> {
    let text = Form<String>(.text("a text")) { field in
      field.string("a text that stands for a missing value")?.value
    } write: {
      .string($0)
    }
    return Block(
      "missing \(policy.rawValue)", policy.summary,
      .optional(
        "markers", \.markers, text.list(of: "texts", 0...Int.max), absent: "the usual ones",
        examples: [["-", "n/a"], ["-999"]] as [JSONValue],
        "The texts that stand for a missing value beside an empty field, in place of the usual ones. One "
          + "that is a number stands for every way to write it; an empty list makes NA and its like text."
      ),
      make: { MissingSettings(policy, $0) })
  }
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
