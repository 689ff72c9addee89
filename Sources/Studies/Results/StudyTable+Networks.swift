extension StudyTable {
  /// What a table has of one network on one data set.
  package struct Network: Sendable {
    package let dataset: String
    package let model: String
    /// In the table's order.
    package fileprivate(set) var rows: [Row]
  }

  /// All networks, in the table's order.
  package var networks: [Network] {
    var networks: [Network] = []
    for row in rows {
      let own = row.identity
      let known = networks.firstIndex { $0.dataset == own.dataset && $0.model == own.model }
      if let known {
        networks[known].rows.append(row)
      } else {
        networks.append(Network(dataset: own.dataset, model: own.model, rows: [row]))
      }
    }
    return networks
  }
}
