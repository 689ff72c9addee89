import NumericCore
import Testing

@Suite("RowTasks")
struct DivisionTests {
  static let operations = [0, 1, 1_000, 50_000, 1_000_000, Int.max / 2]

  @Test(
    "Tasks cover every row exactly once, in order",
    arguments: [0, 1, 15, 16, 17, 255, 500, 1000, 4097], operations)
  func coverage(rows: Int, operations: Int) {
    for granularity in [1, 16] {
      let tasks = RowTasks(
        rows: rows, operationsPerRow: operations, granularity: granularity)
      var next = 0
      for task in 0..<tasks.count {
        let range = tasks.range(of: task)
        #expect(range.lowerBound == next && !range.isEmpty)
        #expect(task == tasks.count - 1 || range.count % granularity == 0)
        next = range.upperBound
      }
      #expect(next == rows)
      #expect(tasks.count <= 16)
    }
  }

  @Test("Little work is one task; much is many")
  func amount() {
    #expect(RowTasks(rows: 1000, operationsPerRow: 10).count == 1)
    #expect(RowTasks(rows: 1000, operationsPerRow: 100_000).count > 8)
    #expect(RowTasks(rows: 0, operationsPerRow: 100_000).count == 0)
  }
}
