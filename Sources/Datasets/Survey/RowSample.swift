/// Rows from all over a large CSV text, which stand for all of them: blocks of whole lines at even distances, the
/// first with the header.
package struct RowSample: Sendable {
  /// How much of a text is taken; one of less than twice as much is taken whole.
  package struct Extent: Sendable {
    package let blocks: Int
    /// Of each block, at least.
    package let bytes: Int

    package init(blocks: Int, bytes: Int) {
      self.blocks = blocks
      self.bytes = bytes
    }

    /// 16 MiB, which are looked at in two seconds or so.
    package static let standard = Extent(blocks: 64, bytes: 256 << 10)
  }

  /// The lines of all blocks.
  let bytes: [UInt8]
  /// Where the blocks behind the first begin in `bytes`.
  let starts: [Int]

  private static let lineFeed = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  /// - Returns: nil for a text that is to be looked at whole: a small one, or one in which a line may be no row, since
  ///   quotes in it are open.
  init?(_ text: [UInt8], _ extent: Extent) {
    guard text.count >= 2 * extent.blocks * extent.bytes else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(extent.blocks * (extent.bytes + 4096))
    var starts: [Int] = []
    var end = 0
    for block in 0..<extent.blocks {
      var start = text.count / extent.blocks * block
      if block > 0 {
        guard let feed = text[start...].firstIndex(of: Self.lineFeed) else { break }
        start = feed + 1
        starts.append(bytes.count)
      }
      // Of very long lines a block reaches beyond the beginning of the next.
      guard start >= end, start < text.count else { return nil }
      let least = min(start + extent.bytes, text.count)
      guard let feed = text[(least - 1)...].firstIndex(of: Self.lineFeed) else {
        if block < extent.blocks - 1 { return nil }
        end = text.count
        bytes += text[start...]
        break
      }
      end = feed + 1
      bytes += text[start..<end]
    }
    guard Self.closesQuotes(bytes) else { return nil }
    (self.bytes, self.starts) = (bytes, starts)
  }

  /// Whether there is an even number of quotes in every line.
  private static func closesQuotes(_ bytes: [UInt8]) -> Bool {
    var isOpen = false
    for byte in bytes {
      if byte == quote {
        isOpen.toggle()
      } else if byte == lineFeed, isOpen {
        return false
      }
    }
    return !isOpen
  }
}
