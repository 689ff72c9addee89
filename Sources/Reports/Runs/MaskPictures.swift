import NeuralNetworks
import Schedules
import Storage

/// What the first layer of a network looks at, where its inputs are the pixels of an image.
package struct MaskPictures: Sendable {
  /// The pixels that one unit reads, row by row.
  struct Unit: Sendable {
    /// From 0.
    let number: Int
    let isRead: [Bool]

    var count: Int { isRead.count(where: { $0 }) }
  }

  let image: ImageShape
  /// How many units read each pixel, row by row.
  let readers: [Int]
  /// The units that read most, the most first.
  let units: [Unit]
  let unitCount: Int

  private static let mostUnits = 24
  /// Pixels of all units together.
  private static let mostPixels = 120_000

  /// Nil where the first layer of `network` does not read such an image.
  package init?(_ network: Network, image: ImageShape) {
    guard let layer = network.layers.first, layer.inputs == image.pixels else { return nil }
    let pixels = image.pixels
    var readers = Array(repeating: 0, count: pixels)
    var units: [Unit] = []
    for row in 0..<layer.outputs {
      var isRead = Array(repeating: false, count: pixels)
      for pixel in 0..<pixels {
        let place = row * pixels + pixel
        if layer.mask?[place] ?? true {
          isRead[pixel] = true
          readers[pixel] += 1
        }
      }
      units.append(Unit(number: row, isRead: isRead))
    }
    self.image = image
    self.readers = readers
    unitCount = units.count
    let shown = min(Self.mostUnits, max(1, Self.mostPixels / pixels))
    self.units = Array(
      units.filter { $0.count > 0 }.sorted {
        $0.count == $1.count ? $0.number < $1.number : $0.count > $1.count
      }.prefix(shown))
  }
}

/// The masks of units as small images.
struct MaskChart: Chart {
  let name = "masks"
  let title = "What the units read that read most"
  let pictures: MaskPictures

  private let tile = 92.0
  private let gap = 14.0
  private let caption = 18.0
  private let perRow = 9

  var summary: String {
    "\(pictures.units.count) images, a pixel filled where the unit reads it."
  }
  var marks: Int { pictures.units.count }
  var size: (width: Double, height: Double) {
    let rows = (pictures.units.count + perRow - 1) / perRow
    return (
      Double(perRow) * (tile + gap), Double(max(rows, 1)) * (tile * ratio + caption + gap)
    )
  }
  private var ratio: Double {
    min(max(Double(pictures.image.rows) / Double(pictures.image.columns), 0.3), 3)
  }

  var body: String {
    pictures.units.enumerated().map { index, unit in
      let x = Double(index % perRow) * (tile + gap)
      let y = Double(index / perRow) * (tile * ratio + caption + gap)
      let scale = tile / Double(pictures.image.columns)
      let height = scale * Double(pictures.image.rows)
      return "<g class=\"mark\" transform=\"translate(\(Markup.place(x)) \(Markup.place(y)))\">"
        + "<title>unit \(unit.number) reads \(NumberText.grouped(unit.count)) of "
        + "\(NumberText.grouped(pictures.image.pixels)) pixels</title>"
        + "<rect class=\"paper\" width=\"\(Markup.place(tile))\" height=\"\(Markup.place(height))\"/>"
        + "<path class=\"ink\" transform=\"scale(\(NumberText.significant(scale, 5)))\" "
        + "d=\"\(PixelRuns.path(unit.isRead, columns: pictures.image.columns))\"/>"
        + "<text class=\"tick\" y=\"\(Markup.place(height + 13))\">unit \(unit.number): "
        + "\(NumberText.grouped(unit.count))</text></g>\n"
    }.joined()
  }
}

/// How many units read each pixel, as one image.
struct ReadersChart: Chart {
  let name = "readers"
  let title = "How many units read each pixel"
  let pictures: MaskPictures

  /// Shades beside that of nothing.
  private static let steps = 10
  private let side = 320.0

  private var scale: Double {
    side / Double(max(pictures.image.rows, pictures.image.columns))
  }
  /// The level that each pixel has, 0 for none.
  private var levels: [Int] {
    let most = max(pictures.readers.max() ?? 1, 1)
    return pictures.readers.map {
      $0 == 0 ? 0 : max(1, Int((Double(Self.steps * $0) / Double(most)).rounded()))
    }
  }

  var summary: String {
    let unread = pictures.readers.count { $0 == 0 }
    return "\(unread) of \(pictures.image.pixels) pixels are read by none; one is read by "
      + "\(pictures.readers.max() ?? 0) of \(pictures.unitCount) units at most."
  }
  /// A shade is a mark, since pixels of one shade are one element.
  var marks: Int { Set(levels).subtracting([0]).count }
  var size: (width: Double, height: Double) { (520, scale * Double(pictures.image.rows) + 8) }

  var body: String {
    let columns = pictures.image.columns
    let width = Markup.place(scale * Double(columns))
    let height = Markup.place(scale * Double(pictures.image.rows))
    var text = "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>\n"
    let levels = levels
    let most = Double(max(pictures.readers.max() ?? 1, 1))
    for level in Set(levels).subtracting([0]).sorted() {
      let about = Int((most * Double(level) / Double(Self.steps)).rounded())
      text += "<g class=\"mark\"><title>about \(about) units</title>"
      text +=
        "<path class=\"h\(2 * level)\" transform=\"scale(\(NumberText.significant(scale, 5)))\" "
      text += "d=\"\(PixelRuns.path(levels.map { $0 == level }, columns: columns))\"/></g>\n"
    }
    return text
  }
}

/// Pixels as a path: each run of neighbours in a row is one rectangle.
enum PixelRuns {
  static func path(_ isSet: [Bool], columns: Int) -> String {
    var text = ""
    var place = 0
    while place < isSet.count {
      guard isSet[place] else {
        place += 1
        continue
      }
      let rowEnd = (place / columns + 1) * columns
      var end = place + 1
      while end < rowEnd, isSet[end] { end += 1 }
      text += "M\(place % columns) \(place / columns)h\(end - place)v1h\(place - end)z"
      place = end
    }
    return text
  }
}
