/// Working memory, one row a worker, that loops reuse from step to step.
package struct Scratch: Sendable {
  private var space = Matrix(rows: 0, columns: 0)

  package init() {}

  /// Calls `body` with the start of the space and the distance between two workers' shares, each of
  /// at least `size` floats. What the space holds is unspecified.
  mutating func withSpace<Result>(
    workers: Int, size: Int, _ body: (UnsafeMutablePointer<Float>?, Int) -> Result
  ) -> Result {
    if space.rows < workers || space.columns < size {
      space = Matrix(
        rows: max(workers, space.rows), columns: max((size + 15) & ~15, space.columns))
    }
    let stride = space.columns
    return space.withMutableElements { body($0.baseAddress, stride) }
  }
}
