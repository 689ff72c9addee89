import Foundation
import NumericCore
import Testing

@Suite("ProductBuffers") struct ProductBuffersTests {
  @Test(
    "what more than the address space would hold is refused with the need, what there is is had")
  func reservation() throws {
    try ProductBuffers.reserve(threads: 2)
    // 2^47 bytes of address space; a stack each.
    let threads = 1 << 26
    #expect(throws: MemoryShortage.self) { try ProductBuffers.reserve(threads: threads) }
    let shortage = MemoryShortage(needed: 169 << 20, threads: 1)
    #expect(shortage.description.hasPrefix("products of matrices on 1 thread need 169 MiB of "))
  }

  @Test("the documentation has the need on one thread, on two, and of each")
  func documented() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Sources/ecpipe/ecpipe.docc/Durability.md"),
      encoding: .utf8)
    let (one, two) = (ProductBuffers.needed(threads: 1), ProductBuffers.needed(threads: 2))
    #expect(page.contains("\((two - one) >> 20) MiB a thread"))
    #expect(page.contains("\(one >> 20) MiB on one thread and \(two >> 20) MiB on two"))
  }
}
