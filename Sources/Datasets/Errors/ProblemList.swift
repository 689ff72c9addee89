/// Collects what is wrong with one file, so that it is said at once.
struct ProblemList {
  /// Most problems that are shown one by one.
  static let shown = 20

  let file: String
  private(set) var count = 0
  private var first: [DatasetError] = []

  init(file: String) { self.file = file }

  var isEmpty: Bool { count == 0 }

  /// Adds a problem; `error` is only made where it is shown.
  mutating func add(_ error: @autoclosure () -> DatasetError) {
    count += 1
    if first.count < Self.shown { first.append(error()) }
  }

  /// Counts problems that are not shown one by one.
  mutating func addHidden(_ problems: Int) { count += problems }

  /// - Throws: what was added: the one problem, or all of them as one.
  func throwIfAny() throws(DatasetError) {
    guard let only = first.first else { return }
    throw count == 1 ? only : .several(file, first, count: count)
  }
}
