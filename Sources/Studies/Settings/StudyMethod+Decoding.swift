import Scheduler
import Schedules

extension StudyMethod {
  /// Reads the keys `criteria`, `compensations` and `budgets` of a study.
  ///
  /// - Parameters:
  ///   - ratios: the study's; nil where they are wrong.
  ///   - datasets: the names of the study's data sets; nil where they are wrong.
  /// - Returns: nil where something is wrong; it is reported.
  static func all(
    _ keys: KeyedFields, ratios: [Sparsity]?, datasets: [String]?, in context: StageContext
  ) -> [StudyMethod]? {
    let common = keys["compensations"].map { StudySettings.items($0, "compensations") }
    let budgets = keys["budgets"].map { StudySettings.items($0, "budgets") }
    guard let criteria = keys.required("criteria"),
      let items = StudySettings.items(criteria, "criteria")
    else { return nil }
    if let common, common == nil { return nil }
    if let budgets, budgets == nil { return nil }
    var methods: [StudyMethod] = []
    var isSound = true
    for item in items {
      let compensated = forms(of: item, compensations: common ?? nil)
      for form in compensated.flatMap({ forms(of: $0, budgets: budgets ?? nil) }) {
        guard
          let method = StudyMethod(
            decoding: form, ratios: ratios ?? [], datasets: datasets ?? [], in: context)
        else {
          isSound = false
          continue
        }
        if let same = methods.first(where: { $0.overlaps(method) }) {
          item.report(RelationFault.repeated("a cell of \(same.title)"))
          isSound = false
        }
        methods.append(method)
      }
    }
    guard isSound, ratios != nil, datasets != nil else { return nil }
    guard methods.count <= StudySettings.mostOfEach else {
      criteria.report(
        .outOfRange(
          "\(methods.count) ways to prune", allowed: "at most \(StudySettings.mostOfEach)"))
      return nil
    }
    return methods
  }

  /// Shares of weights to remove: above 0, below 1, all different.
  static func ratios(_ field: Field) -> [Sparsity]? {
    guard let items = StudySettings.items(field, "ratios, such as [0.5, 0.9]") else { return nil }
    let ratios = items.map { item -> Sparsity? in
      guard let ratio = item.sparsity() else { return nil }
      guard ratio.fraction > 0 else {
        item.report(.outOfRange(item.plainText ?? "0", allowed: "\(NumberRange.openUnit)"))
        return nil
      }
      return ratio
    }
    guard !ratios.contains(nil) else { return nil }
    let sound = ratios.compactMap { $0 }
    return StudySettings.isWithoutRepetition(sound, items) ? sound : nil
  }

  /// A mapping with one compensation for each way to prune that `item` stands for.
  private static func forms(of item: Field, compensations: [Field]?) -> [Field] {
    var entries: [YAMLNode.Entry]
    switch item.node.content {
    case .mapping(let own): entries = own
    case .scalar: entries = [entry("criterion", item.node)]
    case .list: return [item]
    }
    let own = entries.first { $0.key == "compensation" }
    let nodes: [YAMLNode]
    if let own {
      guard case .list(let items) = own.value.content else { return [form(entries, item)] }
      guard !items.isEmpty else {
        item.report(.emptyList(of: "compensation"))
        return []
      }
      nodes = items
    } else if let compensations {
      nodes = compensations.map(\.node)
    } else {
      guard let criterion = entries.first(where: { $0.key == "criterion" }),
        case .scalar(let word, _) = criterion.value.content
      else { return [form(entries, item)] }
      nodes = [
        YAMLNode(
          position: item.node.position, content: .scalar(published(word), isPlain: true))
      ]
    }
    entries.removeAll { $0.key == "compensation" }
    return nodes.map { form(entries + [entry("compensation", $0)], item) }
  }

  /// A mapping with one budget, itself a mapping, for each way to prune that `form` stands for.
  private static func forms(of form: Field, budgets: [Field]?) -> [Field] {
    guard case .mapping(var entries) = form.node.content else { return [form] }
    let own = entries.first { $0.key == "budget" }
    var nodes: [YAMLNode]
    if let own {
      nodes = [own.value]
      if case .list(let items) = own.value.content { nodes = items }
      if nodes.isEmpty {
        form.report(.emptyList(of: "budget"))
        return []
      }
    } else if let budgets {
      nodes = budgets.map(\.node)
    } else {
      return [form]
    }
    entries.removeAll { $0.key == "budget" }
    return nodes.map { node in
      var budget = node
      if case .scalar = node.content {
        budget = YAMLNode(position: node.position, content: .mapping([entry("policy", node)]))
      }
      return self.form(entries + [entry("budget", budget)], form)
    }
  }

  private static func entry(_ key: String, _ value: YAMLNode) -> YAMLNode.Entry {
    YAMLNode.Entry(key: key, keyPosition: value.position, value: value)
  }

  private static func form(_ entries: [YAMLNode.Entry], _ item: Field) -> Field {
    Field(
      node: YAMLNode(position: item.node.position, content: .mapping(entries)), path: item.path,
      context: item.context)
  }

  /// - Returns: nil where something is wrong; it is reported.
  private init?(
    decoding field: Field, ratios: [Sparsity], datasets: [String], in context: StageContext
  ) {
    let allowed = CriterionSettings.keys + ["name", "budget", "ratios", "datasets"]
    guard let keys = field.keys(allowed), keys.required("criterion") != nil else { return nil }
    var budget = keys["budget"].map { Budget(decoding: $0, in: context) } ?? .standard
    // It compares weights within rows only.
    if keys["budget"] == nil, keys["criterion"]?.plainText == "wanda" {
      budget = Budget(policy: .uniform)
    }
    let criterion = CriterionSettings(decoding: keys, budget: budget, in: context)
    let name = keys.optional("name") { Self.name($0) }
    let ownRatios = keys["ratios"].map(Self.ratios) ?? ratios
    let ownDatasets = keys["datasets"].map { Self.datasets($0, among: datasets) } ?? datasets
    guard let criterion, let budget, let name, let ownRatios, let ownDatasets else { return nil }
    let stating: String? =
      switch (budget.goal, budget.granularity) {
      case (.share, _): nil
      case (.limit, _): "a limit"
      case (.stated, .groups): "the granularity \(budget.name)"
      case (.stated, .weight), (.stated, .unit): "the policy \(budget.name)"
      }
    if let stating {
      keys["budget"]?.report(
        RelationFault.notForTask(stating, task: "a study, whose ratios say how much"))
      return nil
    }
    self.init(
      label: name ?? criterion.criterion.rawValue, criterion: criterion, budget: budget,
      statesBudget: keys["budget"] != nil, ratios: ownRatios, datasets: ownDatasets)
  }

  /// A name that no baseline has and no table of results is confused by.
  private static func name(_ field: Field) -> String? {
    guard let name = field.string()?.value else { return nil }
    let isUsable =
      (1...64).contains(name.utf8.count) && StudyBaseline(rawValue: name) == nil
      && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && !"\",".unicodeScalars.contains($0) }
    guard isUsable else {
      field.report(
        .outOfRange(
          shortened(name),
          allowed: "names of 1 to 64 bytes without commas and quotes that no baseline has"))
      return nil
    }
    return name
  }

  private static func datasets(_ field: Field, among names: [String]) -> [String]? {
    guard let items = StudySettings.items(field, "names of data sets") else { return nil }
    let chosen = items.map { item -> String? in
      guard let name = item.string()?.value else { return nil }
      // Where the data sets themselves are wrong, nothing follows for their names.
      guard names.isEmpty || names.contains(name) else {
        item.report(.unknownWord(name, what: "data set", among: names))
        return nil
      }
      return name
    }
    guard !chosen.contains(nil) else { return nil }
    let sound = chosen.compactMap { $0 }
    return StudySettings.isWithoutRepetition(sound, items) ? sound : nil
  }
}
