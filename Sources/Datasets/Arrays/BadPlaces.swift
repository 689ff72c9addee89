/// Places of an array at which something is wrong: how many, and the first of them, whatever the order in
/// which they are found.
struct BadPlaces {
  private(set) var count = 0
  /// In order, at most as many as are shown.
  private(set) var first: [(place: Int, value: Double)] = []

  /// Adds one.
  mutating func add(_ place: Int, _ value: Double) {
    count += 1
    if first.count == ProblemList.shown, place > first[first.count - 1].place { return }
    let index = first.firstIndex { $0.place > place } ?? first.count
    first.insert((place, value), at: index)
    if first.count > ProblemList.shown { first.removeLast() }
  }
}
