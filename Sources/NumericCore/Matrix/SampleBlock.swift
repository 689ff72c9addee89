import CKernels

/// A batch of samples, feature-major: row = feature, column = sample.
///
/// With the batch as the contiguous dimension every elementwise pass, dense or sparse, is a plain
/// vector loop. Columns are padded to a multiple of 16; columns from `count` to `padded` hold finite
/// values that no result depends on (inputs are gathered as 0, losses give them a zero gradient).
package struct SampleBlock: Sendable {
  /// Elements [features, stride].
  package var values: Matrix
  /// Samples in use, at most `capacity`.
  package private(set) var count: Int
  /// Most samples that fit; a multiple of 16.
  package var capacity: Int { values.columns }
  /// Distance between two features of a sample.
  package var stride: Int { values.columns }
  package var features: Int { values.rows }
  /// `count` rounded up to a multiple of 16: the columns that kernels work on.
  package var padded: Int { (count + 15) & ~15 }

  /// A block of zeros for up to `capacity` samples (rounded up to a multiple of 16).
  package init(features: Int, capacity: Int) {
    precondition(capacity >= 1, "a block holds at least one sample")
    values = Matrix(rows: features, columns: (capacity + 15) & ~15)
    count = 0
  }

  /// Sets how many samples are in use, 0…capacity.
  package mutating func use(_ count: Int) {
    precondition(count >= 0 && count <= capacity, "\(count) samples in a block of \(capacity)")
    self.count = count
  }

  /// The samples in use as rows, [count, features].
  package var samples: Matrix {
    var result = Matrix(rows: count, columns: features)
    for sample in 0..<count {
      for feature in 0..<features { result[sample, feature] = values[feature, sample] }
    }
    return result
  }
}
