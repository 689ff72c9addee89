import Pruning
import Scheduler
import Schedules
import Storage

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
    let common = keys["compensations"].map { elements($0, "compensations") }
    let budgets = keys["budgets"].map { elements($0, "budgets") }
    guard let criteria = keys["criteria"] else {
      keys.reportMissing("criteria")
      return nil
    }
    guard let items = elements(criteria, "criteria") else { return nil }
    if let common, common == nil { return nil }
    if let budgets, budgets == nil { return nil }
    let block = block(ratios: ratios ?? [], datasets: datasets ?? [], in: context)
    var methods: [StudyMethod] = []
    var isSound = true
    for item in items {
      let compensated = forms(of: item, compensations: common ?? nil)
      for form in compensated.flatMap({ forms(of: $0, budgets: budgets ?? nil) }) {
        guard let method = block.read(form) else {
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

  /// The elements of a list of at least one and not too many, of any shape.
  private static func elements(_ field: Field, _ what: String) -> [Field]? {
    let element = Form<Field>(.text(what), { $0 }) { _ in .null }
    return element.listed(as: what, atLeast: 1).read(field)
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
      return [form(entries, item)]
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

  // MARK: One way to prune

  private typealias Item<Value> = Part<StudyMethod, Value>

  private static func block(
    ratios: [Sparsity], datasets: [String], in context: StageContext
  ) -> Block<StudyMethod> {
    let budget: Item<Budget> = Part(
      ["budget"],
      [
        Setting(
          "budget", .either([budgetShape, .list(budgetShape, 1...StudySettings.mostOfEach)]),
          .words("that of the study, or global"),
          "A policy, or a budget; a way to prune for each of a list.")
      ]
    ) { keys in
      if let field = keys["budget"] { return Budget.block(in: context).read(field) }
      // It compares weights within rows only.
      let criterion = keys["criterion"]?.plainText.flatMap(Criterion.init)
      return criterion?.under(.none).scope == .row ? Budget(policy: .uniform) : .standard
    }
    let criteria = CriterionSettings.block(budget: nil, in: .undecided)
    let criterion: Item<CriterionSettings> = Part(
      criteria.keys, settings(of: criteria)
    ) { keys in
      if keys["criterion"] == nil { keys.reportMissing("criterion") }
      return CriterionSettings.block(budget: budget.read(keys), in: context).decode(keys)
    }
    let name: Item<String?> = .optional(
      "name", { $0.label }, name, absent: "the criterion", "What stands in the column criterion.")
    let ownRatios: Item<[Sparsity]> = .setting(
      "ratios", \.ratios, Self.ratios, default: ratios, said: "those of the study",
      "The shares of all weights that are removed.")
    let ownDatasets: Item<[String]> = .setting(
      "datasets", \.datasets, names(among: datasets), default: datasets, said: "all",
      "The data sets that it is tried on.")
    let statesBudget: Item<Bool> = Part([]) { $0["budget"] != nil }
    return Block(
      "criteria", "One way to prune.", criterion, name, budget, ownRatios, ownDatasets,
      statesBudget,
      check: { keys, _, _, budget, _, _, _ in budget.map { check(keys, $0) } },
      make: { criterion, name, budget, ratios, datasets, statesBudget in
        StudyMethod(
          label: name ?? criterion.criterion.rawValue, criterion: criterion, budget: budget,
          statesBudget: statesBudget, ratios: ratios, datasets: datasets)
      })
  }

  /// The settings of a criterion, of which one has to be stated.
  private static func settings(of criteria: Block<CriterionSettings>) -> [Setting] {
    criteria.description.settings.map { setting in
      var setting = setting
      if setting.key == "criterion" { setting.absence = .required }
      guard setting.key == "compensation" else { return setting }
      return Setting(
        setting.key,
        .either([setting.shape, .list(setting.shape, 1...StudySettings.mostOfEach)]),
        .words("that of the study, or as published"),
        setting.summary + " A way to prune for each of a list.")
    }
  }

  private static var budgetShape: Shape {
    .either([
      .words(BudgetPolicy.allCases.map(\.rawValue)),
      .block(Budget.block(in: .undecided).description),
    ])
  }

  /// The keys of a study that say how to prune.
  static var descriptions: [Setting] {
    let count = 1...StudySettings.mostOfEach
    let method = block(ratios: [], datasets: [], in: .undecided).description
    return [
      Setting(
        "criteria",
        .list(
          .either([.words(Criterion.allCases.map(\.rawValue)), .block(method)]),
          count), .required, "The ways to prune."),
      Setting(
        "compensations",
        .list(.words(CriterionSettings.Compensation.allCases.map(\.rawValue)), count),
        .words("as published"), "For every criterion that does not state its own."),
      Setting(
        "budgets", .list(budgetShape, count), .words("global, for wanda uniform"),
        "For every criterion that does not state its own."),
    ]
  }

  private static func check(_ keys: KeyedFields, _ budget: Budget) {
    let stating: String? =
      switch (budget.goal, budget.granularity) {
      case (.share, _): nil
      case (.limit, _): "a limit"
      case (.stated, .groups): "the granularity \(budget.name)"
      case (.stated, .weight), (.stated, .unit): "the policy \(budget.name)"
      }
    guard let stating else { return }
    keys["budget"]?.report(
      RelationFault.notForTask(stating, task: "a study, whose ratios say how much"))
  }

  // MARK: Forms

  /// Shares of weights to remove: above 0, below 1, all different.
  static var ratios: Form<[Sparsity]> {
    let ratio = Form<Sparsity>(.number(.openUnit)) { item in
      guard let ratio = Form.sparsity().read(item) else { return nil }
      guard ratio.fraction > 0 else {
        item.report(.outOfRange(item.plainText ?? "0", allowed: "\(NumberRange.openUnit)"))
        return nil
      }
      return ratio
    } write: {
      JSONValue($0.fraction)
    }
    return ratio.several("ratios, such as [0.5, 0.9]")
  }

  /// A name that no baseline has and no table of results is confused by.
  private static var name: Form<String> {
    Form(.text("a name without commas and quotes")) { field in
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
    } write: {
      .string($0)
    }
  }

  /// Some of `names`; where the data sets themselves are wrong, nothing follows for their names.
  private static func names(among names: [String]) -> Form<[String]> {
    let name = Form<String>(.text("the name of a data set")) { item in
      guard let name = item.string()?.value else { return nil }
      guard names.isEmpty || names.contains(name) else {
        item.report(.unknownWord(name, what: "data set", among: names))
        return nil
      }
      return name
    } write: {
      .string($0)
    }
    return name.several("names of data sets")
  }
}
