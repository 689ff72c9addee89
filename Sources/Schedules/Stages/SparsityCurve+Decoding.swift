import Scheduler
import Storage

/// How sparsity grows over the rounds.
///
///     curve: cubic                            # one_shot, linear, exponential, cosine
///     curve: {exponential: {fraction: 0.2}}   # a fifth of what is left, every round
///     curve: [0.5, 0.8, 0.9]                  # one sparsity a round
extension SparsityCurve {
  /// Zhu and Gupta's curve, which holds unless another is stated.
  package static let standard = SparsityCurve.cubic

  /// The curve as a schedule has it.
  package var json: JSONValue {
    switch self {
    case .oneShot, .formula: .string(name)
    case .fraction(let curve): [name: ["fraction": JSONValue(curve.fraction)]]
    case .list(let list): JSONValue(list.values.map { JSONValue($0.fraction) })
    }
  }

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
        self = .fraction(curve)
        return
      }
    } else if let settings, settings.keys([]) == nil {
      return nil
    }
    self = CurveFormula(rawValue: word).map { .formula($0) } ?? .oneShot
  }

  private init?(list field: Field) {
    guard let items = field.list(of: "sparsities") else { return nil }
    let values = items.map { $0.sparsity() }
    guard !values.contains(nil) else { return nil }
    do {
      self = .list(try ListCurve(values.compactMap { $0 }))
    } catch {
      field.report(.curve(error))
      return nil
    }
  }
}
