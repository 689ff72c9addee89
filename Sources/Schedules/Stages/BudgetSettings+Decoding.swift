import Scheduler
import Storage

extension BudgetSettings {
  /// The schedule's words for the policies.
  private enum Policy: String, CaseIterable {
    case uniform, global, erk, lamp, manual, sensitivity, optimal

    /// Whether it measures layers at the rungs of a ladder.
    var isMeasured: Bool { self == .sensitivity || self == .optimal }
  }

  /// One entry of `layers`.
  private struct Entry {
    let rule: LayerRule
    /// For the policy manual.
    let density: Double?

    /// Whether it says more than that layers are kept or not.
    var limits: Bool {
      density != nil || rule.minimumDensity != nil || rule.maximumSparsity != nil
    }
  }

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field?, in context: StageContext) {
    guard let field else {
      self = .standard
      return
    }
    let allowed = [
      "policy", "granularity", "limit", "ladder", "min_density", "max_sparsity", "layers",
    ]
    guard let keys = field.keys(allowed) else { return nil }
    let granularity = keys["granularity"].map { GranularitySettings(decoding: $0) } ?? .weight
    if case .groups(let pattern) = granularity {
      self.init(groups: pattern, decoding: keys, in: context)
      return
    }
    let word = keys["policy"].map { $0.word("policy", as: Policy.self) } ?? .global
    let density = keys["min_density"].map { $0.number(.unit) } ?? 0
    let sparsity = keys.optional("max_sparsity") { $0.sparsity() }
    let entries = keys["layers"].map { Self.entries($0, policy: word, in: context) } ?? []
    let ladder = keys["ladder"].map { Self.ladder($0, policy: word) } ?? .standard
    let limit = keys.optional("limit") { Self.limit($0, policy: word) }
    guard let word, let granularity, let density, let sparsity, let entries, let ladder, let limit,
      let common = try? LayerLimits(minimumDensity: density, maximumSparsity: sparsity),
      let policy = Self.policy(word, entries, ladder, limit, units: granularity == .unit)
    else { return nil }
    if word == .manual, let names = context.layerNames {
      let unstated = Self.unstated(names, entries, units: granularity == .unit)
      for name in unstated { field.report(RelationFault.layerNotStated(name)) }
      guard unstated.isEmpty else { return nil }
      let onlyOutput = entries.contains { entry in
        entry.density != nil && (try? entry.rule.pattern.indices(in: names)) == [names.count - 1]
      }
      if granularity == .unit, onlyOutput {
        keys["layers"]?.report(RelationFault.unitsOfOutput)
        return nil
      }
    }
    if granularity == .unit, !(policy is any UnitBudget) {
      keys["granularity"]?.report(RelationFault.noUnits(policy: policy.name))
      return nil
    }
    self.init(
      policy: policy, granularity: granularity == .unit ? .unit : .weight, common: common,
      rules: entries.map(\.rule), densities: entries.map(\.density))
  }

  /// Reads a budget of groups, which says itself how much every layer keeps that is not kept whole.
  private init?(groups pattern: GroupPattern, decoding keys: KeyedFields, in context: StageContext)
  {
    let entries = keys["layers"].map { Self.entries($0, policy: nil, in: context) } ?? []
    var isSound = true
    for key in ["policy", "limit", "ladder", "min_density", "max_sparsity"] {
      guard let other = keys[key] else { continue }
      other.report(KeyFault.conflict(with: "granularity: n_of_m"))
      isSound = false
    }
    guard let entries, isSound else { return nil }
    if entries.contains(where: \.limits) {
      keys["layers"]?.report(RelationFault.groupsLimited)
      return nil
    }
    self.init(
      policy: GroupBudget(pattern), common: .none, rules: entries.map(\.rule),
      densities: entries.map { _ in nil })
  }

  /// The rungs under `ladder`, which only policies that measure have.
  private static func ladder(_ field: Field, policy: Policy?) -> PruningLadder? {
    if let policy, !policy.isMeasured {
      field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
      return nil
    }
    guard let items = field.list(of: "sparsities") else { return nil }
    let rungs = items.map { $0.sparsity() }
    guard !rungs.contains(nil) else { return nil }
    do {
      return try PruningLadder(rungs.compactMap { $0 })
    } catch {
      field.report(RelationFault.budget(error))
      return nil
    }
  }

  /// What the network may take.
  private enum Limit {
    case resource(ResourceLimit)
    case time(milliseconds: Double, batch: Int)
  }

  /// The most samples of a call that is timed.
  private static let mostSamples = 4096

  /// What the network may take, which only the policy optimal goes by.
  private static func limit(_ field: Field, policy: Policy?) -> Limit? {
    if let policy, policy != .optimal {
      field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
      return nil
    }
    let units = ["bytes", "multiply_adds", "milliseconds"]
    guard let keys = field.keys(units + ["batch"]), let (unit, value) = keys.exactlyOne(of: units)
    else { return nil }
    if unit == "milliseconds" {
      let batch = keys["batch"].map { $0.integer(1...mostSamples) } ?? 1
      guard let most = value.number(.positive), let batch else { return nil }
      return .time(milliseconds: most, batch: batch)
    }
    if let batch = keys["batch"] {
      batch.report(KeyFault.conflict(with: unit))
      return nil
    }
    guard let most = value.integer(1...LayerProfile.maximumWeights) else { return nil }
    return .resource(unit == "bytes" ? .bytes(most) : .multiplyAdds(most))
  }

  private static func policy(
    _ word: Policy, _ entries: [Entry], _ ladder: PruningLadder, _ limit: Limit?,
    units: Bool
  ) -> (any BudgetPolicy)? {
    switch word {
    case .uniform: return .uniform
    case .global: return .global
    case .erk: return .erk
    // The importances of elimination-compensation grow with the square of the weight.
    case .lamp: return .lamp(degree: .quadratic)
    case .sensitivity: return SensitivityBudget(ladder: ladder)
    case .optimal:
      let optimal = OptimalBudget(ladder: ladder)
      switch limit {
      case .resource(let limit): return LimitedBudget(optimal, limit: limit)
      case .time(let milliseconds, let batch):
        return TimedBudget(optimal, milliseconds: milliseconds, batch: batch)
      case nil: return optimal
      }
    case .manual:
      let stated = entries.filter { $0.density != nil }
      let rules = stated.compactMap { entry in
        entry.density.flatMap { try? ManualBudget.Rule(entry.rule.pattern, density: $0) }
      }
      guard rules.count == stated.count else { return nil }
      return units ? UnitShareBudget(rules) : .manual(rules)
    }
  }

  /// The layers that neither have a density nor are kept; of units, the hidden layers next to none that
  /// is kept.
  private static func unstated(
    _ names: [String], _ entries: [Entry], units: Bool
  ) -> [String] {
    var isStated = Array(repeating: false, count: names.count)
    var isKept = isStated
    for entry in entries {
      for index in (try? entry.rule.pattern.indices(in: names)) ?? [] {
        if entry.density != nil { isStated[index] = true }
        if let keep = entry.rule.keep { isKept[index] = keep }
      }
    }
    if units {
      for index in names.indices.dropLast() where isKept[index + 1] { isKept[index] = true }
      isKept[names.count - 1] = true
    }
    return names.indices.filter { !isStated[$0] && !isKept[$0] }.map { names[$0] }
  }

  private static func entries(
    _ field: Field, policy: Policy?, in context: StageContext
  ) -> [Entry]? {
    guard case .mapping(let pairs) = field.node.content else {
      field.reportKind(expected: "a mapping of layer names to limits")
      return nil
    }
    let entries = pairs.map { pair in
      let value = Field(
        node: pair.value, path: "\(field.path).\(shortened(pair.key))", context: field.context)
      return entry(pair, value, policy: policy, in: context)
    }
    return entries.contains { $0 == nil } ? nil : entries.compactMap { $0 }
  }

  private static func entry(
    _ pair: YAMLNode.Entry, _ value: Field, policy: Policy?, in context: StageContext
  ) -> Entry? {
    let pattern = Self.pattern(pair, value, in: context)
    guard let keys = value.keys(["keep", "density", "min_density", "max_sparsity"]) else {
      return nil
    }
    let keep = keys.optional("keep") { $0.boolean() }
    let least = keys.optional("min_density") { $0.number(.unit) }
    let most = keys.optional("max_sparsity") { $0.sparsity() }
    let density = keys.optional("density") { $0.number(.aboveZeroToOne) }
    if let field = keys["density"] {
      if let policy, policy != .manual {
        field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
        return nil
      }
      if keep == true {
        field.report(KeyFault.conflict(with: "keep: true"))
        return nil
      }
    }
    guard let pattern, let keep, let least, let most, let density,
      let rule = try? LayerRule(
        pattern, keep: keep, minimumDensity: least, maximumSparsity: most)
    else { return nil }
    return Entry(rule: rule, density: density)
  }

  /// The pattern of a key, each part of which selects a layer of the model.
  private static func pattern(
    _ pair: YAMLNode.Entry, _ value: Field, in context: StageContext
  ) -> LayerPattern? {
    let globs = pair.key.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    let pattern = LayerPattern(globs)
    guard let names = context.layerNames else { return pattern }
    do {
      _ = try pattern.indices(in: names)
      return pattern
    } catch .noSuchLayer(let glob, let layers) {
      value.context.report(
        .relation(
          .noSuchLayer(glob, nearest: nearestWord(to: glob, among: layers), layers: layers)),
        at: pair.keyPosition, path: value.path)
    } catch {
      value.report(.outOfRange(pair.key, allowed: "names of layers"))
    }
    return nil
  }
}
