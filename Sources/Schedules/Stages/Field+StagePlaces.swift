extension Field {
  /// The entry of the schedule that this is from which the stage called `name` comes: the settings under its
  /// word; the list of stages where none is called so.
  package func place(ofStage name: String) -> Field {
    let stages = place(of: "stages")
    guard case .list(let items) = stages.node.content else { return stages }
    var counts: [String: Int] = [:]
    for (index, item) in items.enumerated() {
      guard case .mapping(let entries) = item.content, let word = entries.first?.key else {
        continue
      }
      counts[word, default: 0] += 1
      if StageName.isOf(name, StageName.unique(word, counts[word] ?? 1)) {
        return stages.element(index).place(of: word)
      }
    }
    return stages
  }
}
