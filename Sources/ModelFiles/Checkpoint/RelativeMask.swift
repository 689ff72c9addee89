import Engine
import NeuralNetworks

/// A mask told from an earlier one that keeps all of its weights: only what became of those is said.
enum RelativeMask {
  /// For every weight that `base` keeps (all, without one), in row-major order, whether `mask` keeps
  /// it; nil where `mask` keeps one that `base` does not.
  static func bits(of mask: Mask, under base: Mask?) -> PackedBits? {
    guard let base else { return PackedBits(mask.words, range: 0..<mask.count) }
    guard mask.isSubset(of: base) else { return nil }
    var bits = PackedBits(repeating: false, count: base.keptCount)
    var ordinal = 0
    for (position, word) in base.words.enumerated() {
      let kept = mask.words[position]
      var rest = word
      while rest != 0 {
        if kept & (rest & (~rest + 1)) != 0 { bits.set(ordinal, to: true) }
        ordinal += 1
        rest &= rest - 1
      }
    }
    return bits
  }

  /// The mask of `rows` and `columns` whose bits under `base` are `bits`, one for each weight that
  /// `base` keeps.
  static func mask(_ bits: PackedBits, under base: Mask?, rows: Int, columns: Int) -> Mask? {
    guard let base else { return Mask(rows: rows, columns: columns, bytes: bits.bytes) }
    precondition(base.keptCount == bits.count, "a bit for every weight that is kept")
    var whole = PackedBits(repeating: false, count: base.count)
    var ordinal = 0
    for (position, word) in base.words.enumerated() {
      var rest = word
      while rest != 0 {
        if bits[ordinal] { whole.set(position << 6 + rest.trailingZeroBitCount, to: true) }
        ordinal += 1
        rest &= rest - 1
      }
    }
    return Mask(rows: rows, columns: columns, bytes: whole.bytes)
  }
}
