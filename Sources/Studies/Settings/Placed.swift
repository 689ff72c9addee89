import Schedules

/// A part of a study with where it stands in its file.
package struct Placed<Value> {
  package let value: Value
  package let field: Field

  /// Where the value of `key` stands in it, or the whole where that is not written.
  package subscript(_ key: String) -> Field { field.member(key) ?? field }
}

extension Placed<ModelSettings> {
  /// Reports a network that is trained already.
  func demandBeginning(of kind: StudyKind) {
    if value.start == nil { return }
    self["start"].report(
      RelationFault.notForTask(
        "start", task: "a study of \(kind.rawValue), whose networks begin at random"))
  }

  /// Reports a network without hidden layers.
  func demandHiddenUnits(of kind: StudyKind) {
    if !value.hidden.isEmpty { return }
    self["hidden"].report(
      .impossible("a study of \(kind.rawValue) needs hidden units; give the network a hidden layer")
    )
  }
}

extension KeyedFields {
  /// The elements of the list under `key`. What is no list is reported where it is read.
  func items(_ key: String) -> [Field] {
    guard let field = self[key], case .list = field.node.content else { return [] }
    return field.list(of: key) ?? []
  }
}
