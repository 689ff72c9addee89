import Datasets

extension EdgeImages {
  /// Whether the images are not too many to be held; if they are, that is reported.
  func isModest(_ field: Field) -> Bool {
    guard samples * pixels <= Self.mostPixels else {
      field.report(
        .outOfRange(
          "\(samples * pixels) pixels",
          allowed: "at most \(Self.mostPixels) (samples x side x side); take fewer of them"))
      return false
    }
    return true
  }

  /// What can stand behind the word `edges`.
  static var block: Block<EdgeImages> {
    let standard = EdgeImages()
    return Block(
      "generate edges",
      "Grey images of rectangles that hide one another; the class is the angle of their edges.",
      .setting(
        "side", \.side, .integer(sideRange), default: standard.side,
        "Pixels on a side; an image has as many inputs as pixels."),
      .setting(
        "classes", \.classes, .integer(classRange), default: standard.classes,
        "Classes: as many angles within a right angle."),
      .setting(
        "shapes", \.shapes, .integer(shapeRange), default: standard.shapes,
        "Rectangles of an image."),
      .setting(
        "samples", \.samples, .integer(sampleRange), default: standard.samples, "Images."),
      .setting("seed", \.seed, .seed(), default: standard.seed, "Of all images."),
      make: { EdgeImages(side: $0, classes: $1, shapes: $2, samples: $3, seed: $4) })
  }
}
