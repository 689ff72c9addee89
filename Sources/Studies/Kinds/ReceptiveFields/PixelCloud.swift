import Schedules

/// Pixels of an image, each as often as it is counted: what one unit reads, or all units of a layer together.
package struct PixelCloud: Sendable, Equatable {
  package let image: ImageShape
  /// How often each pixel is counted, row by row.
  package let counts: [Int]
  /// All counts together.
  package let total: Int

  /// - Precondition: a count of at least 0 for every pixel.
  package init(_ counts: [Int], image: ImageShape) {
    precondition(counts.count == image.pixels && counts.allSatisfy { $0 >= 0 })
    self.image = image
    self.counts = counts
    total = counts.reduce(0, +)
  }

  /// Every pixel once.
  package init(all image: ImageShape) {
    self.init(Array(repeating: 1, count: image.pixels), image: image)
  }

  /// The mean squared distance of the pixels from their centre, in squares of a pixel's side:
  ///
  ///     D = Σ_p c_p |r_p − r̄|² / Σ_p c_p,   r̄ = Σ_p c_p r_p / Σ_p c_p
  ///
  /// Nil without pixels.
  package var spread: Double? {
    guard total > 0 else { return nil }
    let n = Double(total)
    var (rows, columns) = (0.0, 0.0)
    for (pixel, count) in counts.enumerated() {
      rows += Double(count * (pixel / image.columns))
      columns += Double(count * (pixel % image.columns))
    }
    (rows, columns) = (rows / n, columns / n)
    var sum = 0.0
    for (pixel, count) in counts.enumerated() where count > 0 {
      let row = Double(pixel / image.columns) - rows
      let column = Double(pixel % image.columns) - columns
      sum += Double(count) * (row * row + column * column)
    }
    return sum / n
  }

  /// The spread that `n` of the M counted pixels are expected to have which are drawn at random, without
  /// replacement: (n − 1)/n · M/(M − 1) · D, since (n − 1)⁻¹ Σ |r − r̄|² of a sample is unbiased. Of all pixels of
  /// an image it is the expectation over all permutations of its pixels. Nil for less than 2 pixels.
  package func expectedSpread(of n: Int) -> Double? {
    guard n > 1, total > 1, let spread else { return nil }
    let (n, m) = (Double(n), Double(total))
    return (n - 1) / n * m / (m - 1) * spread
  }
}
