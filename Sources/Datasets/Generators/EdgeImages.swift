import Storage

/// The settings of images with sharp edges: rectangles at random places that hide one another, all of one image at
/// about one angle, which is its class.
///
/// This is the dead leaves model of natural images (Matheron 1968; Lee, Mumford and Huang, Int. J. Computer Vision 41,
/// 2001) with rectangles for leaves. Statistics are the same at all places up to the border, edges are sharp, and grey
/// values are far from Gaussian. No pixel by itself says anything of the class: greys are drawn without regard to it.
///
/// Sample i is a function of the settings of one image and of (seed, i) alone, so more samples only add to those there
/// are.
package struct EdgeImages: Sendable, Equatable {
  /// What the numbers mean; a change of what is computed raises it.
  static let version = 1

  /// Pixels on a side, `sideRange`.
  package let side: Int
  /// Classes, `classRange`: class k has angles about (k + ½) / classes of a right angle.
  package let classes: Int
  /// Rectangles of an image, `shapeRange`; later ones hide earlier ones.
  package let shapes: Int
  /// Images, `sampleRange`; image i is of class i modulo `classes`.
  package let samples: Int
  package let seed: UInt64

  /// The fewest and the most pixels on a side.
  package static let sideRange = 4...256
  /// The fewest and the most classes.
  package static let classRange = 2...16
  /// The fewest and the most rectangles.
  package static let shapeRange = 1...100
  /// The fewest and the most images.
  package static let sampleRange = 2...1_000_000
  /// The most pixels of all images.
  package static let mostPixels = 1 << 31
  /// Sides of rectangles are uniform between these shares of the image's side.
  static let extents = (least: 0.2, most: 0.8)

  package init(
    side: Int = 16, classes: Int = 2, shapes: Int = 8, samples: Int = 10_000, seed: UInt64 = 0
  ) {
    precondition(Self.sideRange.contains(side) && Self.classRange.contains(classes))
    precondition(Self.shapeRange.contains(shapes) && Self.sampleRange.contains(samples))
    self.side = side
    self.classes = classes
    self.shapes = shapes
    self.samples = samples
    self.seed = seed
  }

  /// Columns of the inputs, row by row of the image.
  package var pixels: Int { side * side }

  /// The class of each image.
  package var labels: [Int32] { (0..<samples).map { Int32($0 % classes) } }

  /// The names of the classes: 0, 1, ….
  package var classNames: [String] { (0..<classes).map { "\($0)" } }

  /// All settings and the version of what they mean; its digest stands for the data.
  package var canonical: JSONValue {
    [
      "generator": "edges", "version": JSONValue(Self.version), "side": JSONValue(side),
      "classes": JSONValue(classes), "shapes": JSONValue(shapes), "samples": JSONValue(samples),
      "seed": .string(String(seed)),
    ]
  }
}
