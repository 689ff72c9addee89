import Storage

extension StudyTable {
  /// The table of another kind than pruning: a line for each row that was measured.
  func csv(of experiment: any StudyExperiment.Type) -> String {
    let columns =
      ["dataset", "model"] + experiment.columns + ["seed"] + experiment.measures + ["seconds"]
    var text = columns.joined(separator: ",") + "\n"
    for row in rows {
      let own = row.identity
      let head = [own.dataset, own.model] + own.columns.map(\.text) + ["\(own.seed)"]
      let seconds = "\((row.result.seconds * 1000).rounded() / 1000)"
      for values in row.result.rows {
        let measures = experiment.measures.map {
          StudyColumn(name: $0, value: values[$0] ?? .null).text
        }
        text += (head + measures + [seconds]).map(Self.field).joined(separator: ",") + "\n"
      }
    }
    return text
  }
}

extension StudyTable.Row {
  /// The numbers called `measure`, of every row that was measured; those that do not apply are left out.
  package func numbers(_ measure: String) -> [Double] {
    result.rows.compactMap { $0[measure]?.doubleValue }
  }
}
