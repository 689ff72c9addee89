/// At most so many weights in every group of consecutive ones along a row: 2 of 4, say.
package struct GroupPattern: Sendable, Hashable {
  /// Weights that stay in a group, 1…`size` − 1.
  package let keep: Int
  /// Weights of a group.
  package let size: Int

  /// The largest group.
  package static let largestSize = 1024

  package init(keep: Int, of size: Int) {
    precondition(keep >= 1 && keep < size && size <= Self.largestSize, "some of each group")
    self.keep = keep
    self.size = size
  }

  /// How many weights stay in a group of `count` (at most `size`): of a shorter one at the end of a
  /// row the same share, rounded up.
  package func kept(ofGroup count: Int) -> Int {
    precondition(count >= 0 && count <= size, "a group or what is left of one")
    return (keep * count + size - 1) / size
  }

  /// How many weights stay in a row of `inputs`.
  package func kept(ofRow inputs: Int) -> Int {
    inputs / size * keep + kept(ofGroup: inputs % size)
  }
}

extension GroupPattern: CustomStringConvertible {
  /// As in 2:4.
  package var description: String { "\(keep):\(size)" }
}
