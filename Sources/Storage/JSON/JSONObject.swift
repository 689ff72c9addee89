/// The members of a JSON object, sorted by the UTF-8 bytes of their names, each name once.
package struct JSONObject: Sendable, Hashable, RandomAccessCollection {
  /// A name and its value.
  package struct Member: Sendable, Hashable {
    package let name: String
    package var value: JSONValue
  }

  private var members: [Member]

  /// An object without members.
  package init() { members = [] }

  /// An object of `pairs` in any order; nil when a name is given twice.
  package init?(_ pairs: some Sequence<(String, JSONValue)>) {
    let members = pairs.map { Member(name: $0, value: $1) }
    guard case .success(let object) = JSONObject.sorting(members) else { return nil }
    self = object
  }

  /// An object of `members` as a document gives them, or the name it gives twice.
  static func sorting(_ members: [Member]) -> Result<JSONObject, RepeatedName> {
    var object = JSONObject()
    object.members = members
    // Canonical documents are in order.
    if object.isAscending { return .success(object) }
    object.members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    if let name = object.repeatedName { return .failure(RepeatedName(name: name)) }
    return .success(object)
  }

  /// The name that a document gives to two members of one object.
  struct RepeatedName: Error {
    let name: String
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { members.count }
  package subscript(position: Int) -> Member { members[position] }

  /// All names, in order.
  package var names: [String] { members.map(\.name) }

  /// The value under `name`; setting nil removes the member.
  package subscript(name: String) -> JSONValue? {
    get {
      let position = position(of: name)
      return holds(name, at: position) ? members[position].value : nil
    }
    set {
      let position = position(of: name)
      switch (holds(name, at: position), newValue) {
      case (true, let value?): members[position].value = value
      case (true, nil): members.remove(at: position)
      case (false, let value?): members.insert(Member(name: name, value: value), at: position)
      case (false, nil): break
      }
    }
  }

  /// Where `name` is or belongs.
  private func position(of name: String) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].name.utf8.lexicographicallyPrecedes(name.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private func holds(_ name: String, at position: Int) -> Bool {
    position < members.count && members[position].name.utf8.elementsEqual(name.utf8)
  }

  /// Whether the members are in order, each name once.
  private var isAscending: Bool {
    zip(members, members.dropFirst())
      .allSatisfy { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private var repeatedName: String? {
    zip(members, members.dropFirst())
      .first { $0.name.utf8.elementsEqual($1.name.utf8) }?.0.name
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object; a name given twice is a programmer's error.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    guard let object = JSONObject(elements) else { preconditionFailure("a name is given twice") }
    self = object
  }
}
