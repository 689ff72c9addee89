import Glibc
import ProcessLimits

/// Memory at addresses that stay, aligned to cache lines and freed together.
///
/// Large blocks are put on the system's large pages where it grants them: products go through the columns
/// of weights, and each step down a column is on another small page. Under a limit of addresses they are not: a block
/// takes another page's worth of them then.
///
/// A class, because it owns memory that kernels point into for the length of a stage: steps then
/// neither allocate nor count references.
final class ChainMemory {
  private var blocks: [UnsafeMutableRawPointer] = []
  private static let alignment = 64
  /// Bytes of a large page, and from how many bytes on a block lies on them.
  private static let (largePage, large) = (2 << 20, 4 << 20)
  /// Whether the process may take as many addresses as it likes.
  private static let hasAddresses = ProcessLimit.addressSpace.value == nil

  /// `count` numbers that are 0.
  func zeros(_ count: Int) -> UnsafeMutablePointer<Float> { allocate(count, filledWith: 0) }

  /// `count` integers, a mask's bytes or whatever else is plain data, all `value`.
  func allocate<Element: BitwiseCopyable>(
    _ count: Int, filledWith value: Element
  ) -> UnsafeMutablePointer<Element> {
    // A register may be read from any element on, so there is one more behind the last.
    let size = count * MemoryLayout<Element>.stride + ChainMemory.alignment
    let large = size / ChainMemory.largePage * ChainMemory.largePage
    let isLarge = large >= ChainMemory.large && ChainMemory.hasAddresses
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: isLarge ? ChainMemory.largePage : ChainMemory.alignment)
    // Where the system refuses, the block stays on small ones.
    if isLarge { _ = madvise(block, large, MADV_HUGEPAGE) }
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    blocks.append(block)
    let start = block.bindMemory(to: Element.self, capacity: count)
    start.update(repeating: value, count: count)
    return start
  }

  /// A copy of `elements`.
  func copy<Element: BitwiseCopyable>(
    _ elements: [Element], padding: Element
  ) -> UnsafeMutablePointer<Element> {
    let start = allocate(elements.count, filledWith: padding)
    elements.withUnsafeBufferPointer { source in
      if let from = source.baseAddress { start.update(from: from, count: source.count) }
    }
    return start
  }

  deinit { for block in blocks { block.deallocate() } }
}
