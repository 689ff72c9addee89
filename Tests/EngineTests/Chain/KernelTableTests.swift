import Engine
import NumericCore
import Testing

@Suite("KernelTable")
struct KernelTableTests {
  @Test("The committed table compresses at 90 % sparsity and leaves half-full layers dense")
  func committed() {
    for set in InstructionSet.allCases {
      let table = KernelTable.committed(for: set)
      #expect(table.compresses(rows: 300, columns: 784, survivors: 23_520))
      #expect(!table.compresses(rows: 300, columns: 784, survivors: 235_200))
      #expect(table.compresses(rows: 10, columns: 100, survivors: 0))
    }
  }

  @Test("The border counts as compressed; what 32-bit places cannot hold stays dense")
  func borders() {
    let table = KernelTable(density: 0.25)
    #expect(table.compresses(rows: 10, columns: 10, survivors: 25))
    #expect(!table.compresses(rows: 10, columns: 10, survivors: 26))
    #expect(table.compresses(rows: 0, columns: 10, survivors: 0))
    #expect(!table.compresses(rows: 1 << 16, columns: 1 << 15, survivors: 1))
    #expect(!table.compresses(rows: .max, columns: 2, survivors: 1))
  }
}
