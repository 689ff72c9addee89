import Storage

/// A named value by which the results table tells rows apart.
package struct StudyColumn: Sendable, Hashable {
  package let name: String
  /// A text, a number, or null where it does not apply.
  package let value: JSONValue

  package init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }

  /// For people, and for the table; empty where it does not apply.
  package var text: String {
    if value.isNull { return "" }
    return value.stringValue ?? value.canonical
  }
}

/// By what the results table tells rows apart, in the order of its columns.
package struct StudyCellIdentity: Sendable, Hashable {
  package let dataset: String
  /// The widths of the dense network, such as 784-32-32-10.
  package let model: String
  /// What the study's kind has beside data, network and seed, in its order.
  package let columns: [StudyColumn]
  package let seed: UInt64

  package init(dataset: String, model: String, columns: [StudyColumn], seed: UInt64) {
    self.dataset = dataset
    self.model = model
    self.columns = columns
    self.seed = seed
  }

  /// The value of the kind's column `name`; nil where there is none.
  package subscript(name: String) -> JSONValue? { columns.first { $0.name == name }?.value }

  /// In one line, for people.
  package var text: String {
    ([dataset, model, ownText, "seed \(seed)"]).joined(separator: " ")
  }

  /// What tells it from others of the same data, network and seed, for people.
  package var ownText: String {
    let isUnpruned = criterion == StudyBaseline.unpruned.rawValue
    let told = columns.filter { !$0.value.isNull && !(isUnpruned && $0.name == "ratio") }
    return told.map(\.text).joined(separator: " ")
  }
}

// MARK: Of a study of ways to prune

extension StudyCellIdentity {
  /// The columns of such a study.
  static let pruningColumns = ["criterion", "metric", "compensation", "budget", "ratio"]

  package init(
    dataset: String, model: String, criterion: String, metric: String?, compensation: String?,
    budget: String?, ratio: Double, seed: UInt64
  ) {
    let values: [JSONValue] = [
      .string(criterion), JSONValue(metric), JSONValue(compensation), JSONValue(budget),
      JSONValue(ratio),
    ]
    self.init(
      dataset: dataset, model: model,
      columns: zip(Self.pruningColumns, values).map { StudyColumn(name: $0, value: $1) },
      seed: seed)
  }

  /// A criterion or its name in the study, or the baseline's.
  package var criterion: String { self["criterion"]?.stringValue ?? "" }
  /// Nil where no metric plays a part.
  package var metric: String? { self["metric"]?.stringValue }
  /// Nil for baselines.
  package var compensation: String? { self["compensation"]?.stringValue }
  /// The policy that divides weights among layers; nil for baselines.
  package var budget: String? { self["budget"]?.stringValue }
  package var ratio: Double { self["ratio"]?.doubleValue ?? 0 }
}

// MARK: JSON

extension StudyCellIdentity {
  /// The columns by which the results tell cells apart.
  package var json: JSONObject {
    var json: JSONObject = [
      "dataset": .string(dataset), "model": .string(model), "seed": JSONValue(Int(exactly: seed)),
    ]
    for column in columns { json[column.name] = column.value }
    return json
  }

  /// Reads what `json` wrote of a cell of a study of `kind`.
  ///
  /// - Throws: `JSONError`.
  init(json: JSONValue, of kind: StudyKind) throws(JSONError) {
    let seed = UInt64(exactly: try json.integer(at: "seed")) ?? 0
    let (dataset, model) = (try json.string(at: "dataset"), try json.string(at: "model"))
    guard let names = kind.experiment?.columns else {
      self.init(
        dataset: dataset, model: model, criterion: try json.string(at: "criterion"),
        metric: try json.value(at: "metric").stringValue,
        compensation: try json.value(at: "compensation").stringValue,
        budget: try json.value(at: "budget").stringValue, ratio: try json.number(at: "ratio"),
        seed: seed)
      return
    }
    self.init(
      dataset: dataset, model: model,
      columns: try names.map { (name) throws(JSONError) in
        StudyColumn(name: name, value: try json.value(at: name))
      }, seed: seed)
  }
}
