import Glibc
import NumericCore

extension EdgeImages {
  /// A rectangle of one grey, turned by the angle of its image.
  package struct Rectangle: Sendable, Equatable {
    /// Of its centre, in pixels' sides from the upper left corner of the image.
    package let x: Double
    package let y: Double
    /// Half its sides.
    package let width: Double
    package let height: Double
    /// 0 to 1.
    package let grey: Double
  }

  /// What one image shows.
  package struct Scene: Sendable, Equatable {
    /// By which all rectangles are turned, in radians, below a right angle.
    package let angle: Double
    package let background: Double
    /// The last hides those before it.
    package let rectangles: [Rectangle]
  }

  /// The scene of image `index`: draws of the stream (seed, purpose, index), in the order of the members.
  package func scene(_ index: Int) -> Scene {
    var generator = Philox(seed: seed, purpose: .generatorParameters, index: UInt64(index))
    // Within the middle half of the class's share of a right angle, so that classes stay apart.
    let place = Double(index % classes) + 0.25 + 0.5 * generator.nextUnit()
    let background = generator.nextUnit()
    let length = Double(side)
    func half(_ draw: Double) -> Double {
      (Self.extents.least + (Self.extents.most - Self.extents.least) * draw) * length / 2
    }
    let rectangles = (0..<shapes).map { _ in
      let draws = (0..<5).map { _ in generator.nextUnit() }
      return Rectangle(
        x: draws[0] * length, y: draws[1] * length, width: half(draws[2]), height: half(draws[3]),
        grey: draws[4])
    }
    return Scene(
      angle: place / Double(classes) * .pi / 2, background: background, rectangles: rectangles)
  }

  /// All images: a pixel has the grey of the last rectangle that its centre lies in, edges included.
  ///
  /// - Parameter isInterrupted: whether somebody has asked to stop, asked before each image; all from there on are left
  ///   black then, and must not be used.
  package func dataset(isInterrupted: () -> Bool = { false }) -> Dataset {
    var inputs = Matrix(rows: samples, columns: pixels)
    inputs.withMutableSpan { inputs in
      for sample in 0..<samples {
        if isInterrupted() { return }
        let scene = scene(sample)
        let (cosine, sine) = (cos(scene.angle), sin(scene.angle))
        for pixel in 0..<pixels {
          let x = Double(pixel % side) + 0.5
          let y = Double(pixel / side) + 0.5
          let top = scene.rectangles.last { rectangle in
            let (dx, dy) = (x - rectangle.x, y - rectangle.y)
            return abs(cosine * dx + sine * dy) <= rectangle.width
              && abs(cosine * dy - sine * dx) <= rectangle.height
          }
          inputs[sample * pixels + pixel] = Float(top?.grey ?? scene.background)
        }
      }
    }
    return Dataset(
      inputs: .float32(inputs), targets: .classes(labels, names: classNames), source: "edges")
  }
}
