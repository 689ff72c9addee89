/// Where the values between layers lie in the one working array of a C program.
///
/// What follows one another lies at its two ends in turn, so that the array is as long as the widest pair.
struct CScratch: Sendable, Equatable {
  /// Elements of the array; at least one, since C has no empty ones.
  let size: Int
  /// Where each block of values begins.
  let starts: [Int]

  /// - Parameter widths: of the blocks of values, in their order.
  init(widths: [Int]) {
    let pairs = zip(widths, widths.dropFirst()).map { $0 + $1 }
    let size = max(1, widths.max() ?? 0, pairs.max() ?? 0)
    self.size = size
    starts = widths.enumerated().map { $0 % 2 == 0 ? 0 : size - $1 }
  }

  /// The address of the values `index`, as text.
  func place(_ index: Int) -> String {
    starts[index] == 0 ? "scratch" : "scratch + \(starts[index])"
  }
}
