import Datasets
import NumericCore
import Testing

@Suite("Images with sharp edges") struct EdgeImagesTests {
  private let small = EdgeImages(side: 8, classes: 3, shapes: 4, samples: 7, seed: 5)

  private func inputs(_ images: EdgeImages) -> Matrix { images.dataset().inputs.rounded }

  @Test("are rows of pixels with classes in turn")
  func layout() {
    let data = small.dataset()
    #expect(data.rows == 7 && data.inputs.columns == 64 && data.rowsPerGroup == 1)
    #expect(data.targets == .classes([0, 1, 2, 0, 1, 2, 0], names: ["0", "1", "2"]))
    #expect(EdgeImages().samples == 10_000 && EdgeImages().pixels == 256)
  }

  @Test("are left unfinished where somebody asks to stop")
  func interrupted() {
    var asked = 0
    let some = small.dataset {
      asked += 1
      return asked > 3
    }.inputs.rounded
    #expect(asked == 4)
    let all = inputs(small)
    for sample in 0..<7 {
      #expect(
        Array(some.row(sample))
          == (sample < 3 ? Array(all.row(sample)) : Array(repeating: 0, count: 64)))
    }
  }

  @Test("that are unfinished are no data set")
  func unfinished() {
    let source = DataSource.generated(.edges(small))
    #expect(throws: DatasetError.self) {
      try source.read(
        task: .classification,
        solutions: SolutionSource(isInterrupted: { true }) { $0.solutions() })
    }
  }

  @Test("have the grey of the last rectangle whose corners a pixel's centre lies between")
  func pixels() {
    let all = inputs(small)
    var edges = 0
    for sample in 0..<small.samples {
      let scene = small.scene(sample)
      #expect(scene.rectangles.count == 4)
      let share = Double(sample % 3) / 3 * .pi / 2
      #expect(scene.angle > share && scene.angle < share + .pi / 6)
      for pixel in 0..<64 {
        let (x, y) = (Double(pixel % 8) + 0.5, Double(pixel / 8) + 0.5)
        // The other way: the corners in turn, and the side of each edge that the point is on.
        func isInside(_ own: EdgeImages.Rectangle) -> Bool {
          let signs = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
          let (c, s) = (cosine(scene.angle), cosine(.pi / 2 - scene.angle))
          let corners = signs.map { sign in
            (
              own.x + sign.0 * own.width * c - sign.1 * own.height * s,
              own.y + sign.0 * own.width * s + sign.1 * own.height * c
            )
          }
          return (0..<4).allSatisfy { corner in
            let (a, b) = (corners[corner], corners[(corner + 1) % 4])
            return (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0) >= 0
          }
        }
        let grey = scene.rectangles.last(where: isInside)?.grey ?? scene.background
        #expect(all[sample, pixel] == Float(grey))
        if pixel % 8 > 0, all[sample, pixel] != all[sample, pixel - 1] { edges += 1 }
      }
    }
    #expect(edges > 50)
  }

  /// By its series, apart from any library.
  private func cosine(_ angle: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1..<15 {
      term *= -angle * angle / Double((2 * n - 1) * 2 * n)
      sum += term
    }
    return sum
  }

  @Test("stay as they are when there are more of them, and change with the seed")
  func prefix() {
    let more = EdgeImages(side: 8, classes: 3, shapes: 4, samples: 12, seed: 5)
    #expect(inputs(more).elements.prefix(7 * 64) == inputs(small).elements[...])
    let other = EdgeImages(side: 8, classes: 3, shapes: 4, samples: 7, seed: 6)
    #expect(inputs(other) != inputs(small))
    #expect(other.canonical != small.canonical)
  }

  @Test("are a source of classes whose parts are known without an image")
  func source() throws {
    let generator = DataGenerator.edges(small)
    #expect(generator.task == .classification && generator.outputs == 3)
    #expect(generator.inputs == 64 && generator.rows == 7 && generator.name == "edges")
    let request = DataRequest(
      train: .generated(generator), test: .share(.rows(3)), task: .classification, seed: 1)
    let parts = try request.load()
    let split = try request.split(of: generator)
    #expect(parts.train.rows == split.train && parts.test?.rows == split.test)
    #expect(split.test.count == 3)
  }
}
