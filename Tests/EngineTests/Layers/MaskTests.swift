import Engine
import TestSupport
import Testing

@Suite("Mask")
struct MaskTests {
  static let shapes = [(0, 0), (0, 3), (1, 1), (1, 7), (2, 4), (3, 3), (8, 8), (5, 13), (9, 57)]

  @Test("A new mask keeps every weight", arguments: shapes)
  func dense(rows: Int, columns: Int) {
    let mask = Mask(rows: rows, columns: columns)
    let count = rows * columns
    #expect(mask.count == count && mask.keptCount == count)
    #expect(mask.keptIndices == Array(0..<count))
    #expect((0..<count).allSatisfy { mask[$0] })
  }

  @Test("Removed weights are gone from bits, count and indices", arguments: shapes)
  func remove(rows: Int, columns: Int) {
    let (mask, removed) = Self.pruned(rows: rows, columns: columns)
    let kept = (0..<(rows * columns)).filter { !removed.contains($0) }
    #expect(mask.keptIndices == kept && mask.keptCount == kept.count)
    #expect((0..<mask.count).allSatisfy { mask[$0] == !removed.contains($0) })
    var again = mask
    for index in removed { again.remove(index) }
    #expect(again == mask, "removing again changes nothing")
  }

  @Test(
    "Weights removed together are those removed one by one, in whatever order", arguments: shapes)
  func removeTogether(rows: Int, columns: Int) {
    let (mask, removed) = Self.pruned(rows: rows, columns: columns)
    let ascending = removed.sorted()
    for order in [ascending, ascending.reversed(), ascending + ascending] {
      var together = Mask(rows: rows, columns: columns)
      together.remove(order)
      #expect(together == mask)
    }
  }

  @Test("Rows and columns count what they keep", arguments: shapes)
  func counts(rows: Int, columns: Int) {
    let mask = Self.pruned(rows: rows, columns: columns).mask
    let inRow = (0..<rows).map { row in (0..<columns).count { mask[row * columns + $0] } }
    let inColumn = (0..<columns).map { column in (0..<rows).count { mask[$0 * columns + column] } }
    #expect(mask.keptPerRow == inRow && mask.keptPerColumn == inColumn)
  }

  @Test("Bytes go out and come back in", arguments: shapes)
  func bytesRoundTrip(rows: Int, columns: Int) {
    let (mask, removed) = Self.pruned(rows: rows, columns: columns)
    let bytes = mask.bytes
    #expect(bytes.count == (mask.count + 7) / 8)
    for index in 0..<mask.count {
      #expect((bytes[index / 8] >> UInt8(index % 8) & 1 == 1) == !removed.contains(index))
    }
    #expect(Mask(rows: rows, columns: columns, bytes: bytes) == mask)
    let dense = Mask(rows: rows, columns: columns)
    #expect(Mask(rows: rows, columns: columns, bytes: dense.bytes) == dense)
  }

  @Test("A wrong number of bytes is refused", arguments: shapes)
  func wrongSize(rows: Int, columns: Int) {
    let bytes = Mask(rows: rows, columns: columns).bytes
    #expect(Mask(rows: rows, columns: columns, bytes: bytes + [0]) == nil)
    if !bytes.isEmpty {
      #expect(Mask(rows: rows, columns: columns, bytes: Array(bytes.dropLast())) == nil)
    }
  }

  @Test("Any set bit behind the last weight is refused", arguments: shapes)
  func bitsBeyondTheEnd(rows: Int, columns: Int) {
    let count = rows * columns
    for bit in count..<((count + 7) / 8 * 8) {
      var bytes = Mask(rows: rows, columns: columns).bytes
      bytes[bit / 8] |= 1 << UInt8(bit % 8)
      #expect(Mask(rows: rows, columns: columns, bytes: bytes) == nil)
    }
  }

  @Test("Impossible sizes are refused, not trapped")
  func impossibleSizes() {
    #expect(Mask(rows: -1, columns: 3, bytes: []) == nil)
    #expect(Mask(rows: 3, columns: -1, bytes: []) == nil)
    #expect(Mask(rows: .max, columns: 2, bytes: []) == nil)
    #expect(Mask(rows: .max, columns: 1, bytes: [1]) == nil)
  }

  @Test("Inserting undoes removing, and changes nothing where a weight is kept")
  func insertion() {
    var (mask, removed) = Self.pruned(rows: 5, columns: 13)
    for index in removed.sorted() {
      mask.insert(index)
      #expect(mask[index])
      mask.insert(index)
    }
    #expect(mask == Mask(rows: 5, columns: 13))
  }

  @Test("A mask is a subset of another when it keeps nothing that the other removed")
  func subsets() {
    let dense = Mask(rows: 5, columns: 13)
    let (pruned, _) = Self.pruned(rows: 5, columns: 13)
    #expect(pruned.isSubset(of: dense) && pruned.isSubset(of: pruned))
    #expect(!dense.isSubset(of: pruned))
    #expect(!pruned.isSubset(of: Mask(rows: 13, columns: 5)), "other shape")
  }

  static func pruned(rows: Int, columns: Int) -> (mask: Mask, removed: Set<Int>) {
    var mask = Mask(rows: rows, columns: columns)
    var generator = SeededGenerator(seed: 1)
    var removed: Set<Int> = []
    for index in 0..<mask.count where generator.next() % 3 == 0 {
      mask.remove(index)
      removed.insert(index)
    }
    return (mask, removed)
  }
}
