/// How a loop over rows is cut into tasks: by shape alone, so that the same shape gives the same bits
/// on any number of threads.
package struct RowTasks: Sendable, Equatable {
  /// Rows of all tasks.
  package let rows: Int
  /// Rows of every task but the last, which may have fewer.
  package let rowsPerTask: Int

  /// Work below this many floating-point operations is not worth a second task: waking a thread costs
  /// microseconds.
  private static let smallestTask = 400_000
  /// More tasks than this cost overhead without balancing better.
  private static let mostTasks = 16

  /// Cuts `rows` rows of `operationsPerRow` floating-point operations each, in multiples of
  /// `granularity` rows.
  package init(rows: Int, operationsPerRow: Int, granularity: Int = 16) {
    self.rows = rows
    let total = rows.multipliedReportingOverflow(by: max(operationsPerRow, 1))
    let wanted = total.overflow ? Int.max : total.partialValue / RowTasks.smallestTask
    let tasks = max(1, min(wanted, RowTasks.mostTasks))
    let even = (rows + tasks - 1) / tasks
    rowsPerTask = max(1, (even + granularity - 1) / granularity * granularity)
  }

  /// How many tasks there are.
  package var count: Int { (rows + rowsPerTask - 1) / rowsPerTask }

  /// The rows of task `task`.
  package func range(of task: Int) -> Range<Int> {
    let start = task * rowsPerTask
    return start..<min(rows, start + rowsPerTask)
  }
}
