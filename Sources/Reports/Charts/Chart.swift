import Storage

/// A picture of numbers on a page.
protocol Chart {
  /// Unique on its page.
  var name: String { get }
  /// What it shows.
  var title: String { get }
  /// What somebody should know who cannot see it.
  var summary: String { get }
  /// How many places of the picture stand for a number: each is an element of the class `mark`.
  var marks: Int { get }
  var size: (width: Double, height: Double) { get }
  /// What is in the picture, as SVG.
  var body: String { get }
}

extension Chart {
  /// The picture for a page.
  var svg: String {
    """
    <svg viewBox="0 0 \(Markup.place(size.width)) \(Markup.place(size.height))" role="img" \
    style="max-width:\(Markup.place(size.width))px" aria-labelledby="\(name)-title \(name)-summary">
    <title id="\(name)-title">\(Markup.escaped(title))</title>
    <desc id="\(name)-summary">\(Markup.escaped(summary))</desc>
    \(body)</svg>

    """
  }
}

/// What a colour and a shape stand for.
struct ChartKey {
  let title: String
  /// Nil for the dashed line.
  let style: ChartStyle?
}

/// The colour and the shape of a series, so that neither alone tells them apart.
struct ChartStyle {
  /// The shapes of points.
  enum Shape: CaseIterable {
    case circle
    case square
    case diamond
    case triangle
  }

  let colour: Int
  let shape: Shape

  init(colour: Int, shape: Shape) { (self.colour, self.shape) = (colour, shape) }

  /// The style of a series by its number.
  init(_ number: Int) {
    colour = Self.order[number % Self.order.count]
    shape = Shape.allCases[number % Shape.allCases.count]
  }

  /// Colours that are well told apart come first.
  private static let order = [2, 0, 5, 4, 3, 1, 7, 9, 8, 10, 6, 11]

  /// A point as SVG.
  func point(x: Double, y: Double, radius: Double = 3) -> String {
    func at(_ x: Double, _ y: Double) -> String { "\(Markup.place(x)) \(Markup.place(y))" }
    let r = radius
    return switch shape {
    case .circle:
      "<circle cx=\"\(Markup.place(x))\" cy=\"\(Markup.place(y))\" r=\"\(Markup.place(r))\"/>"
    case .square:
      "<path d=\"M\(at(x - r, y - r))h\(Markup.place(2 * r))v\(Markup.place(2 * r))h\(Markup.place(-2 * r))z\"/>"
    case .diamond:
      "<path d=\"M\(at(x, y - 1.4 * r))L\(at(x + 1.4 * r, y))L\(at(x, y + 1.4 * r))L\(at(x - 1.4 * r, y))z\"/>"
    case .triangle:
      "<path d=\"M\(at(x, y - 1.3 * r))L\(at(x + 1.3 * r, y + r))L\(at(x - 1.3 * r, y + r))z\"/>"
    }
  }

  /// The point in a legend.
  var sample: String { point(x: 7, y: 7, radius: 4) }
}
