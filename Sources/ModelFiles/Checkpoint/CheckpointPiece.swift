/// A part of a tensor that is an entry of its own.
struct CheckpointPiece {
  /// The entry's name.
  let name: String
  /// Of the elements it holds.
  let shape: [Int]
  /// The elements of the tensor that it holds.
  let range: Range<Int>

  /// Elements of one piece: values of 4 MiB, masks of 128 KiB.
  ///
  /// Tensors with more are split, by size alone, so that entries compress in parallel into the same
  /// bytes for any number of threads.
  static let size = 1 << 20

  /// The pieces of a tensor of `shape`: the tensor itself where it has at most `size` elements.
  /// Lazy, because a shape may come from a file.
  static func pieces(
    of name: String, shape: [Int]
  ) -> LazyMapSequence<Range<Int>, CheckpointPiece> {
    let count = shape.reduce(1, *)
    let pieces = count <= size ? 1 : (count - 1) / size + 1
    return (0..<pieces).lazy.map { index in
      let start = index * size
      let range = start..<min(start + size, count)
      return CheckpointPiece(
        name: pieces == 1 ? name : "\(name).\(index)",
        shape: pieces == 1 ? shape : [range.count], range: range)
    }
  }
}
