import Scheduler
import Storage

/// From which layers weights are removed, and within which limits.
///
///     budget: {policy: global, min_density: 0.01, layers: {output: {keep: true}}}
///     budget: {policy: optimal, ladder: [0.5, 0.8, 0.9, 0.95, 0.98]}
///     budget: {policy: optimal, limit: {bytes: 40000}}        # or multiply_adds, in place of to
///     budget: {policy: optimal, limit: {milliseconds: 0.05, batch: 1}}   # of prune stages
///     budget: {policy: manual, layers: {"hidden*": {density: 0.02}, output: {density: 0.5}}}
///     budget: {policy: uniform, granularity: unit}
///     budget: {granularity: {n_of_m: {keep: 2, of: 4}}, layers: {output: {keep: true}}}
///
/// A key of `layers` is a name, a glob, or several of them with commas between. Where two select
/// the same layer, the later one holds.
extension Budget {
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
    let granularity = keys["granularity"].map { PruningGranularity(decoding: $0) } ?? .weight
    if let granularity, granularity.pattern != nil {
      guard let rules = Self.rules(besideGroups: keys, in: context) else { return nil }
      self.init(granularity: granularity, rules: rules)
      return
    }
    let policy = keys["policy"].map { $0.word("policy", as: BudgetPolicy.self) } ?? .global
    let density = keys["min_density"].map { $0.number(.unit) } ?? 0
    let sparsity = keys.optional("max_sparsity") { $0.sparsity() }
    let rules = keys["layers"].map { Self.rules($0, policy: policy, in: context) } ?? []
    let ladder = keys.optional("ladder") { Self.ladder($0, policy: policy) }
    let limit = keys.optional("limit") { Self.limit($0, policy: policy) }
    guard let policy, let granularity, let density, let sparsity, let rules, let ladder, let limit,
      let common = try? LayerLimits(minimumDensity: density, maximumSparsity: sparsity)
    else { return nil }
    if policy == .manual, let names = context.layerNames {
      let unstated = Self.unstated(names, rules, units: granularity == .unit)
      for name in unstated { field.report(RelationFault.layerNotStated(name)) }
      guard unstated.isEmpty else { return nil }
      let onlyOutput = rules.contains { rule in
        rule.density != nil && (try? rule.pattern.indices(in: names)) == [names.count - 1]
      }
      if granularity == .unit, onlyOutput {
        keys["layers"]?.report(RelationFault.unitsOfOutput)
        return nil
      }
    }
    if granularity == .unit, policy.rule.units == nil {
      keys["granularity"]?.report(RelationFault.noUnits(policy: policy.rawValue))
      return nil
    }
    self.init(
      policy: policy, granularity: granularity, ladder: ladder, limit: limit, common: common,
      rules: rules)
  }

  /// Reads the layers of a budget of groups, which says itself how much every layer keeps that is not
  /// kept whole.
  private static func rules(
    besideGroups keys: KeyedFields, in context: StageContext
  ) -> [LayerRule]? {
    let rules = keys["layers"].map { Self.rules($0, policy: nil, in: context) } ?? []
    var isSound = true
    for key in ["policy", "limit", "ladder", "min_density", "max_sparsity"] {
      guard let other = keys[key] else { continue }
      other.report(KeyFault.conflict(with: "granularity: n_of_m"))
      isSound = false
    }
    guard let rules, isSound else { return nil }
    let isLimited = rules.contains {
      $0.density != nil || $0.minimumDensity != nil || $0.maximumSparsity != nil
    }
    if isLimited {
      keys["layers"]?.report(RelationFault.groupsLimited)
      return nil
    }
    return rules
  }

  /// The rungs under `ladder`, which only policies that measure have.
  private static func ladder(_ field: Field, policy: BudgetPolicy?) -> PruningLadder? {
    if let policy, policy.rule.basis != .curves {
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

  /// The most samples of a call that is timed.
  private static let mostSamples = 4096

  /// What the network may take, which only the policy optimal goes by.
  private static func limit(_ field: Field, policy: BudgetPolicy?) -> BudgetLimit? {
    if let policy, !policy.rule.isRefined {
      field.report(KeyFault.conflict(with: "the policy \(policy.rawValue)"))
      return nil
    }
    let units = ["bytes", "multiply_adds", "milliseconds"]
    guard let keys = field.keys(units + ["batch"]), let (unit, value) = keys.exactlyOne(of: units)
    else { return nil }
    if unit == "milliseconds" {
      let batch = keys["batch"].map { $0.integer(1...mostSamples) } ?? 1
      guard let most = value.number(.positive), let batch else { return nil }
      return .time(CallTime(milliseconds: most, batch: batch))
    }
    if let batch = keys["batch"] {
      batch.report(KeyFault.conflict(with: unit))
      return nil
    }
    guard let most = value.integer(1...LayerProfile.maximumWeights) else { return nil }
    return .resource(unit == "bytes" ? .bytes(most) : .multiplyAdds(most))
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

  private static func rules(
    _ field: Field, policy: BudgetPolicy?, in context: StageContext
  ) -> [LayerRule]? {
    guard case .mapping(let pairs) = field.node.content else {
      field.reportKind(expected: "a mapping of layer names to limits")
      return nil
    }
    let rules = pairs.map { pair in
      let value = Field(
        node: pair.value, path: "\(field.path).\(shortened(pair.key))", context: field.context)
      return rule(pair, value, policy: policy, in: context)
    }
    return rules.contains { $0 == nil } ? nil : rules.compactMap { $0 }
  }

  private static func rule(
    _ pair: YAMLNode.Entry, _ value: Field, policy: BudgetPolicy?, in context: StageContext
  ) -> LayerRule? {
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
    guard let pattern, let keep, let least, let most, let density else { return nil }
    do {
      return try LayerRule(
        pattern, keep: keep, minimumDensity: least, maximumSparsity: most, density: density)
    } catch {
      // A density so small that nothing would be left.
      keys["density"]?.report(RelationFault.budget(error))
      return nil
    }
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
