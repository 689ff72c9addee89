import Scheduler

/// The keys that rounds and trials have in common.
extension Part {
  static func budget(_ get: @escaping (Root) -> Budget, in context: StageContext) -> Part
  where Value == Budget {
    .setting(
      "budget", get, .block(Budget.block(in: context)), default: .standard, said: "global",
      "From which layers weights are removed.")
  }

  /// `prune`, beside `budget`.
  static func criterion(
    _ get: @escaping (Root) -> CriterionSettings, in context: StageContext
  ) -> Part where Value == CriterionSettings {
    let budget = Part<Root, Budget>.budget({ _ in .standard }, in: context)
    return .setting(
      "prune", get, .block(CriterionSettings.block(budget: nil, in: context)),
      default: .standard(in: context), said: "its defaults", "How weights are chosen."
    ) { field, keys in
      CriterionSettings.block(budget: budget.read(keys), in: context).read(field)
    }
  }

  static func rewind(
    _ get: @escaping (Root) -> RewindSettings?, in context: StageContext
  ) -> Part where Value == RewindSettings? {
    .optional(
      "rewind", get, .block(RewindSettings.block(in: context)), absent: "none", omitted: true,
      "To what every round or trial rewinds between pruning and fine-tuning.")
  }
}
