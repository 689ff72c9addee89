/// The remaining weights of a layer in the order in which they go, found once for many counts.
///
/// For one count `LayerProfile.removedIndices` is quicker. Memory: 4 bytes a weight.
package struct RemovalOrder: Sendable {
  /// How many of the weights go before each.
  private let places: [UInt32]

  /// Orders by importance, and among equals by position; nil where importances are unknown, or for 2³²
  /// weights and more.
  package init?(_ profile: LayerProfile) {
    guard let importances = profile.importances, importances.count <= Int(UInt32.max) else {
      return nil
    }
    // Three stable passes of 11 bits from the lowest up.
    var order = importances.indices.map { UInt32($0) }
    var next = order
    for shift: UInt32 in [0, 11, 22] {
      var starts = Array(repeating: 0, count: 2048)
      for value in importances { starts[Int(value.rankingKey >> shift & 2047)] += 1 }
      var start = 0
      for bin in starts.indices { (starts[bin], start) = (start, start + starts[bin]) }
      for index in order {
        let bin = Int(importances[Int(index)].rankingKey >> shift & 2047)
        next[starts[bin]] = index
        starts[bin] += 1
      }
      swap(&order, &next)
    }
    var places = order
    for (place, index) in order.enumerated() { places[Int(index)] = UInt32(place) }
    self.places = places
  }

  /// What goes when `kept` weights stay, as `elements` name the remaining weights: those that
  /// `LayerProfile.removedIndices` has.
  ///
  /// - Parameter elements: one a weight, ascending.
  /// - Throws: `BudgetError.layerCount` outside 0…`remaining`.
  package func removed(
    keeping kept: Int, of elements: [Int], layer name: String
  ) throws(BudgetError) -> [Int] {
    precondition(elements.count == places.count, "an element for every weight")
    guard kept >= 0, kept <= places.count else {
      throw .layerCount(layer: name, demanded: kept, remaining: places.count)
    }
    let count = places.count - kept
    // One more than there are, so that every element can be written and some be written over.
    var removed = [Int](repeating: 0, count: count + 1)
    var found = 0
    for (index, place) in places.enumerated() {
      removed[found] = elements[index]
      found += place < count ? 1 : 0
    }
    removed.removeLast()
    return removed
  }
}
