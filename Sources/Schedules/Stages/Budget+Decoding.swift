import Scheduler
import Storage

/// From which layers weights are removed, and within which limits.
///
/// A key of `layers` is a name, a glob, or several of them with commas between. Where two select
/// the same layer, the later one holds.
extension Budget {
  private typealias Item<Value> = Part<Budget, Value>

  package static func block(in context: StageContext) -> Block<Budget> {
    // Left out where single weights go, so that the keys of stages stay what they were.
    let granularity: Item<PruningGranularity?> = .optional(
      "granularity", { $0.granularity == .weight ? nil : $0.granularity }, PruningGranularity.form,
      absent: "weight", omitted: true, "In what portions weights go.")
    let limit: Item<BudgetLimit?> = .optional(
      "limit", \.limit, .block(BudgetLimit.block), absent: "none", omitted: true,
      beside: ["policy": "optimal"],
      "What the network may take, in place of a sparsity; of the policy optimal."
    ) { field, keys in
      suits(field, keys) { $0.rule.isRefined } ? BudgetLimit.block.read(field) : nil
    }
    let ladder: Item<PruningLadder?> = .optional(
      "ladder", \.ladder, PruningLadder.form, absent: "a standard one", omitted: true,
      beside: ["policy": "optimal"],
      "The sparsities at which layers are measured; of the policies sensitivity and optimal."
    ) { field, keys in
      suits(field, keys) { $0.rule.basis == .curves } ? PruningLadder.form.read(field) : nil
    }
    let leastDensity: Item<Double> = .setting(
      "min_density", \.common.minimumDensity, .number(.unit), default: 0, examples: [0.125, 0.25],
      "The share of every layer that stays at least.")
    let mostSparsity: Item<Sparsity?> = .optional(
      "max_sparsity", \.common.maximumSparsity, .sparsity(), absent: "none",
      examples: [0.875, 0.9375], "The sparsity that no layer exceeds.")
    let layers: Item<[LayerRule]> = .setting(
      "layers", \.rules, LayerRule.form(policy: nil, in: context), default: [], said: "no others",
      examples: [["output": ["keep": true]], ["hidden*": ["max_sparsity": 0.75]]],
      beside: ["policy": "manual"],
      "What holds for some layers: a key is a name, a glob, or several of them with commas between. "
        + "Where two select the same layer, the later one holds."
    ) { field, keys in
      LayerRule.form(policy: isGrouped(keys) ? nil : policyPart.read(keys), in: context).read(field)
    }
    let block = Block<Budget>(
      "budget", "From which layers weights are removed, and within which limits.",
      policyPart, granularity, limit, ladder, leastDensity, mostSparsity, layers,
      check: { keys, policy, granularity, _, _, _, _, rules in
        let granularity = granularity.map { $0 ?? .weight }
        if granularity?.pattern != nil {
          checkGroups(keys, rules)
        } else if let policy, let granularity, let rules {
          check(keys, policy, granularity, rules, layers: context.layerNames)
        }
      },
      make: { policy, granularity, limit, ladder, density, sparsity, rules in
        if let granularity, granularity.pattern != nil {
          return Budget(granularity: granularity, rules: rules)
        }
        return (try? LayerLimits(minimumDensity: density, maximumSparsity: sparsity)).map {
          Budget(
            policy: policy, granularity: granularity ?? .weight, ladder: ladder, limit: limit,
            common: $0, rules: rules)
        }
      })
    return Block(block.keys, block.description, decode: block.decode) { budget in
      var members = block.encode(budget)
      members["policy"] = .string(budget.name)
      return members
    }
  }

  private static var policyPart: Item<BudgetPolicy> {
    .setting(
      "policy", \.policy, .word("policy"), default: .global,
      "How weights are divided among layers; manual needs a density, or `keep: true`, for each under "
        + "layers.")
  }

  private static func isGrouped(_ keys: KeyedFields) -> Bool {
    keys["granularity"].flatMap(PruningGranularity.form.read)?.pattern != nil
  }

  /// Whether a setting can stand beside the policy, which is reported where it cannot. Groups refuse it
  /// for another reason.
  private static func suits(
    _ field: Field, _ keys: KeyedFields, _ suits: (BudgetPolicy) -> Bool
  ) -> Bool {
    guard let policy = policyPart.read(keys), !suits(policy), !isGrouped(keys) else { return true }
    field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
    return false
  }

  /// Groups say themselves how much every layer keeps that is not kept whole.
  private static func checkGroups(_ keys: KeyedFields, _ rules: [LayerRule]?) {
    for key in ["policy", "limit", "ladder", "min_density", "max_sparsity"] {
      keys[key]?.report(KeyFault.conflict(with: "granularity: n_of_m"))
    }
    let isLimited = rules?.contains {
      $0.density != nil || $0.minimumDensity != nil || $0.maximumSparsity != nil
    }
    if isLimited == true { keys["layers"]?.report(RelationFault.groupsLimited) }
  }

  private static func check(
    _ keys: KeyedFields, _ policy: BudgetPolicy, _ granularity: PruningGranularity,
    _ rules: [LayerRule], layers: [String]?
  ) {
    if policy == .manual, let layers {
      for name in unstated(layers, rules, units: granularity == .unit) {
        keys.field.report(RelationFault.layerNotStated(name))
      }
      let onlyOutput = rules.contains { rule in
        rule.density != nil && (try? rule.pattern.indices(in: layers)) == [layers.count - 1]
      }
      if granularity == .unit, onlyOutput { keys["layers"]?.report(RelationFault.unitsOfOutput) }
    }
    if granularity == .unit, policy.rule.units == nil {
      keys["granularity"]?.report(RelationFault.noUnits(policy: policy.rawValue))
    }
  }

  /// The layers that neither have a density nor are kept; of units, the hidden layers next to none that
  /// is kept.
  private static func unstated(
    _ names: [String], _ rules: [LayerRule], units: Bool
  ) -> [String] {
    var isStated = Array(repeating: false, count: names.count)
    var isKept = isStated
    for rule in rules {
      for index in (try? rule.pattern.indices(in: names)) ?? [] {
        if rule.density != nil { isStated[index] = true }
        if let keep = rule.keep { isKept[index] = keep }
      }
    }
    if units {
      for index in names.indices.dropLast() where isKept[index + 1] { isKept[index] = true }
      isKept[names.count - 1] = true
    }
    return names.indices.filter { !isStated[$0] && !isKept[$0] }.map { names[$0] }
  }

  /// All settings, defaults written out; it is part of stages' keys.
  package var json: JSONValue { .object(Self.block(in: .undecided).encode(self)) }
}
