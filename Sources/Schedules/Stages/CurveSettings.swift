import Scheduler
import Storage

/// How sparsity grows over the rounds.
///
///     curve: cubic                            # one_shot, linear, exponential, cosine
///     curve: {exponential: {fraction: 0.2}}   # a fifth of what is left, every round
///     curve: [0.5, 0.8, 0.9]                  # one sparsity a round
package struct CurveSettings: Sendable, Equatable {
  package let curve: any SparsityCurve
  /// The curve as a schedule has it; equal curves have equal forms.
  package let json: JSONValue
  /// Whether the target follows from the curve where none is stated, given the number of rounds.
  package let givesTarget: Bool
  /// Whether the number of rounds follows from the curve where none is stated, given the target.
  package let givesRounds: Bool

  package static func == (left: CurveSettings, right: CurveSettings) -> Bool {
    left.json == right.json
  }

  private init(
    _ curve: any SparsityCurve, json: JSONValue, givesTarget: Bool = false,
    givesRounds: Bool = false
  ) {
    self.curve = curve
    self.json = json
    self.givesTarget = givesTarget
    self.givesRounds = givesRounds
  }

  /// Zhu and Gupta's curve, which holds unless another is stated.
  package static let standard = CurveSettings(.cubic, json: "cubic")

  /// All at once, in the first round.
  static let oneShot = CurveSettings(.oneShot, json: "one_shot", givesRounds: true)

  private static let words = ["one_shot", "linear", "cubic", "exponential", "cosine"]

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field) {
    if case .list = field.node.content {
      self.init(list: field)
      return
    }
    guard let (word, settings) = field.choice("curve", of: Self.words) else { return nil }
    if word == "exponential", let settings {
      guard let keys = settings.keys(["fraction"]) else { return nil }
      if let value = keys["fraction"] {
        guard let fraction = value.number(.openUnit), let curve = try? FractionCurve(fraction)
        else {
          return nil
        }
        self.init(
          curve, json: ["exponential": ["fraction": JSONValue(fraction)]], givesTarget: true,
          givesRounds: true)
        return
      }
    } else if let settings, settings.keys([]) == nil {
      return nil
    }
    switch word {
    case "one_shot": self = .oneShot
    case "linear": self.init(.linear, json: .string(word))
    case "exponential": self.init(.exponential, json: .string(word))
    case "cosine": self.init(.cosine, json: .string(word))
    default: self = .standard
    }
  }

  private init?(list field: Field) {
    guard let items = field.list(of: "sparsities") else { return nil }
    let values = items.map { $0.sparsity() }
    guard !values.contains(nil) else { return nil }
    let sparsities = values.compactMap { $0 }
    do {
      self.init(
        try ListCurve(sparsities), json: JSONValue(sparsities.map { JSONValue($0.fraction) }),
        givesTarget: true, givesRounds: true)
    } catch {
      field.report(.curve(error))
      return nil
    }
  }
}
