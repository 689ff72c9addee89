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

  package static var form: Form<SparsityCurve> {
    let choice = Form.choice("curve", choices)
    let sparsities = Form.sparsity().list(of: "sparsities", 1...CurveEnds.maximumRounds)
    let list = sparsities.map({ values, field -> ListCurve? in
      do throws(SparsityError) {
        return try ListCurve(values)
      } catch {
        field.report(.curve(error))
        return nil
      }
    }) { $0.values }
    return Form(.either([choice.shape, list.shape])) { field in
      guard case .list = field.node.content else { return choice.read(field) }
      return list.read(field).map { .list($0) }
    } write: { curve in
      if case .list(let own) = curve { list.write(own) } else { choice.write(curve) }
    }
  }

  private static var choices: [Case<SparsityCurve>] {
    let fraction: Part<SparsityCurve, Double?> = .optional(
      "fraction", { if case .fraction(let curve) = $0 { curve.fraction } else { nil } },
      .number(.openUnit), absent: "what leads to the target in the given rounds", omitted: true,
      "The share of the weights left that goes in every round.")
    let exponential = Block<SparsityCurve>(
      "curve exponential", "A constant fraction of what is left.", fraction
    ) { fraction in
      guard let fraction else { return .exponential }
      return (try? FractionCurve(fraction)).map { .fraction($0) }
    }
    return [
      Case("one_shot", .oneShot, "All at once, in the first round."),
      Case("linear", .linear, "The same number of weights in every round."),
      Case("cubic", .cubic, "Much at first, little at the end (Zhu and Gupta 2017)."),
      Case("exponential", exponential, wrap: { $0 }) { curve in
        switch curve {
        case .exponential, .fraction: curve
        case .oneShot, .formula, .list: nil
        }
      },
      Case("cosine", .cosine, "Slow at both ends, fastest in the middle."),
    ]
  }

  /// The curve as a schedule has it.
  package var json: JSONValue { Self.form.write(self) }
}
