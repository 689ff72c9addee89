import NumericCore

/// Where solutions of equations come from, and whether anybody still waits for what generators compute.
package struct SolutionSource {
  private let solve: (DiffusionSorption) -> Matrix
  /// Whether somebody has asked to stop: what is generated may then be left unfinished, and must not be used.
  let isInterrupted: () -> Bool

  package init(
    isInterrupted: @escaping () -> Bool = { false },
    _ solve: @escaping (DiffusionSorption) -> Matrix
  ) {
    (self.solve, self.isInterrupted) = (solve, isInterrupted)
  }

  /// Solutions that are computed whenever they are wanted.
  package static var computed: SolutionSource { SolutionSource { $0.solutions() } }

  func callAsFunction(_ generator: DiffusionSorption) -> Matrix { solve(generator) }
}
