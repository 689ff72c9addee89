import Storage
import Scheduler

extension LayerRule {
  /// A mapping of layers to what holds for them.
  ///
  /// - Parameter policy: what a density has to go together with; nil where it is wrong, or of no account.
  package static func form(policy: BudgetPolicy?, in context: StageContext) -> Form<[LayerRule]> {
    let described = block(nil, policy: nil)
    return Form(.named("names of layers, or patterns", .block(described.description))) { field in
      guard case .mapping(let entries) = field.node.content else {
        field.reportKind(expected: "a mapping of layer names to limits")
        return nil
      }
      let rules = entries.map { entry in
        let value = Field(
          node: entry.value, path: "\(field.path).\(shortened(entry.key))", context: field.context)
        let pattern = pattern(entry, value, layers: context.layerNames)
        return block(pattern, policy: policy).read(value)
      }
      return rules.contains { $0 == nil } ? nil : rules.compactMap { $0 }
    } write: { rules in
      JSONValue(
        rules.map { rule in
          var members = described.encode(rule)
          members["select"] = JSONValue(rule.pattern.globs.map { .string($0) })
          return .object(members)
        })
    }
  }

  private static func block(_ pattern: LayerPattern?, policy: BudgetPolicy?) -> Block<LayerRule> {
    let least: Part<LayerRule, Double?> = .optional(
      "min_density", \.minimumDensity, .number(.unit), absent: "that of the budget",
      examples: [0.125, 0.25], "The share that stays at least.")
    let most: Part<LayerRule, Sparsity?> = .optional(
      "max_sparsity", \.maximumSparsity, .sparsity(), absent: "that of the budget",
      examples: [0.875, 0.9375], "The sparsity that they do not exceed.")
    return Block(
      "budget layers", "What holds for the layers that a key selects.",
      .optional("keep", \.keep, .boolean(), absent: "false", "Whether they are kept as they are."),
      .optional(
        "density", \.density, .number(.aboveZeroToOne), absent: "none",
        "The share of them, or of their units, that stays in the end; of the policy manual."),
      least, most,
      check: { keys, keep, density, _, _ in
        guard let field = keys["density"] else { return }
        if let policy, policy != .manual {
          field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
        } else if keep == true {
          field.report(KeyFault.conflict(with: "keep: true"))
        }
        do throws(BudgetError) {
          // A density so small that nothing would be left is none.
          _ = try LayerRule(LayerPattern([]), density: density ?? nil)
        } catch {
          field.report(RelationFault.budget(error))
        }
      },
      make: { keep, density, least, most in
        pattern.flatMap {
          try? LayerRule(
            $0, keep: keep, minimumDensity: least, maximumSparsity: most, density: density)
        }
      })
  }

  /// The pattern of a key, each part of which selects one of `layers`.
  private static func pattern(
    _ entry: YAMLNode.Entry, _ value: Field, layers: [String]?
  ) -> LayerPattern? {
    let globs = entry.key.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    let pattern = LayerPattern(globs)
    guard let layers else { return pattern }
    do {
      _ = try pattern.indices(in: layers)
      return pattern
    } catch .noSuchLayer(let glob, let layers) {
      value.context.report(
        .relation(
          .noSuchLayer(glob, nearest: nearestWord(to: glob, among: layers), layers: layers)),
        at: entry.keyPosition, path: value.path)
    } catch {
      value.report(.outOfRange(entry.key, allowed: "names of layers"))
    }
    return nil
  }
}
