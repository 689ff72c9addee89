import Schedules
import Studies
import Testing

@Suite("Clouds of pixels") struct PixelCloudTests {
  private let image = ImageShape(rows: 3, columns: 4)

  private func cloud(_ pixels: [Int]) -> PixelCloud {
    var counts = Array(repeating: 0, count: 12)
    for pixel in pixels { counts[pixel] += 1 }
    return PixelCloud(counts, image: image)
  }

  @Test("spread by the mean squared distance from their centre")
  func spread() {
    // Side by side: each half a pixel from the centre.
    #expect(cloud([5, 6]).spread == 0.25)
    // One above the other, two rows apart.
    #expect(cloud([1, 9]).spread == 1)
    #expect(cloud([7]).spread == 0)
    #expect(cloud([]).spread == nil)
    // The variance of 0 … n − 1 is (n² − 1) / 12.
    #expect(abs((PixelCloud(all: image).spread ?? 0) - (8.0 / 12 + 15.0 / 12)) < 1e-12)
    // Counted twice, a pixel weighs twice: the centre lies a third of the way.
    #expect(abs((cloud([4, 4, 5]).spread ?? 0) - 2.0 / 9) < 1e-12)
  }

  @Test("are expected to spread as the mean over all sets of so many pixels does")
  func expected() throws {
    for cloud in [PixelCloud(all: image), cloud([0, 0, 3, 5, 6, 6, 6, 11])] {
      let pixels = cloud.counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
      var (sum, sets) = (0.0, 0)
      for a in pixels.indices {
        for b in pixels.indices where b > a {
          for c in pixels.indices where c > b {
            sum += try #require(self.cloud([pixels[a], pixels[b], pixels[c]]).spread)
            sets += 1
          }
        }
      }
      let expected = try #require(cloud.expectedSpread(of: 3))
      #expect(abs(expected - sum / Double(sets)) < 1e-12)
      #expect(cloud.expectedSpread(of: 1) == nil)
    }
  }

  @Test("of all pixels spread as they are expected to")
  func all() throws {
    let all = PixelCloud(all: image)
    #expect(abs(try #require(all.expectedSpread(of: 12)) - (try #require(all.spread))) < 1e-12)
  }
}
