import Storage
import Testing

@Suite("Memory for a file")
struct MemoryAllowanceTests {
  @Test(
    "a quarter of what the machine has, or of what the process may take",
    arguments: [
      (8 << 30, nil, 2 << 30), (8 << 30, 1 << 30, 256 << 20), (1 << 30, 8 << 30, 256 << 20),
      (nil, 4096, 1024), (nil, nil, Int.max / 4),
    ] as [(Int?, Int?, Int)])
  func share(memory: Int?, addressSpace: Int?, expected: Int) {
    #expect(MemoryAllowance.perFile(memory: memory, addressSpace: addressSpace) == expected)
  }

  @Test("this machine has some")
  func here() {
    #expect(MemoryAllowance.perFile > 16 << 20)
    #expect(MemoryAllowance.perFile < 1 << 50)
  }
}
