import Runs
import Schedules
import Storage

/// Whether rows have changed sides since a network was trained.
extension NightSession {
  /// Why the network of `night` was trained on rows that would judge it tonight; nil where it was not.
  func splitChange(since night: String) -> String? {
    let data = probe.schedule.data
    // Parts with files of their own are their owner's care.
    let isShared = [data.validation, data.test].contains {
      if case .share = $0 { true } else { false }
    }
    guard isShared,
      let known = try? CheckpointStore.soundManifest(of: folder.night(night)).manifest
    else { return nil }
    let tonight = data.canonical(seed: probe.schedule.seed)
    let keys = ["seed", "split_by", "validation", "test"]
    guard keys.contains(where: { tonight[$0] != known.data.settings[$0] }) else { return nil }
    return
      "data.split or seed has changed since \(night), so its network was trained on rows by which "
      + "networks are judged now"
  }

  /// Why the champion and tonight's network were not measured on the same rows; nil where they were.
  func difference(
    _ champion: Judgement.Measured, _ challenger: Judgement.Measured
  ) -> String? {
    if champion.samples.indices == challenger.samples.indices { return nil }
    return
      "the champion reads other rows as the \(settings.promote.part.rawValue) part than tonight's "
      + "network: the schedule has other columns, or other missing values, than when it was made"
  }

  /// How far the champion has fallen on tonight's rows since it was judged as a challenger; nil where it has not,
  /// or was judged by something else.
  func fall(
    of champion: Judgement.Measured?, _ ruling: PromotionRule.Ruling, _ decisions: [Decision],
    _ promote: PromotionSettings
  ) -> ChampionFall? {
    guard let champion, let now = ruling.champion?.value else { return nil }
    let judged = decisions.last {
      $0.night == champion.contender.night && $0.challenger?.value != nil
        && $0.comparison?.metric == promote.metric.rawValue
        && $0.comparison?.part == promote.part.rawValue
    }
    guard let rows = judged?.comparison?.rows, let then = judged?.challenger?.value else {
      return nil
    }
    return ChampionFall(
      promote, then: ChampionFall.Measure(value: then, rows: rows), now: now,
      scores: champion.scores)
  }
}
