import Storage

/// Lines through points of two numbers each.
struct PlotChart: Chart {
  /// A place of a series.
  struct Point {
    let x: Double
    let y: Double
    /// What it says on hovering.
    let text: String
  }

  /// Points of one colour.
  struct Series {
    let title: String
    let style: ChartStyle
    let points: [Point]
    /// Whether neighbours are joined.
    var isJoined = true
  }

  /// A dashed line over the whole width.
  struct Level {
    let value: Double
    /// What it is, on hovering.
    let title: String
    /// That of the series that it belongs to; nil where it belongs to all.
    var style: ChartStyle?
  }

  let name: String
  let title: String
  let summary: String
  let x: PlotAxis
  let yTitle: String
  /// Whether y is logarithmic where values allow.
  var isLogarithmic = false
  let series: [Series]
  /// Lines over the whole width.
  var levels: [Level] = []
  /// Where along x something else begins.
  var borders: [Double] = []
  var size = (width: 520.0, height: 310.0)

  /// More points than these of one series are thinned out.
  static let mostPoints = 300

  var marks: Int { series.reduce(0) { $0 + Self.thinned($1.points).count } }

  /// What colours and the dashed line stand for.
  var keys: [ChartKey] {
    series.map { ChartKey(title: $0.title, style: $0.style) }
      + (levels.isEmpty
        ? []
        : [
          ChartKey(
            title: levels.contains { $0.style != nil }
              ? "dense, in the colour of its run" : "dense",
            style: nil)
        ])
  }

  var body: String {
    let values = series.flatMap { $0.points.map(\.y) } + levels.map(\.value)
    let frame = PlotFrame(
      width: size.width, height: size.height, x: x,
      y: ChartScale(values, logarithmic: isLogarithmic), yTitle: yTitle)
    return frame.body + borders.prefix(80).map(frame.border).joined()
      + levels.map { frame.level($0.value, $0.title, $0.style) }.joined()
      + series.map { one($0, frame) }.joined()
  }

  private func one(_ own: Series, _ frame: PlotFrame) -> String {
    let points = Self.thinned(own.points)
    var text = "<g class=\"c\(own.style.colour)\">"
    if own.isJoined, points.count > 1 {
      text += "<polyline points=\""
      text += points.map {
        "\(Markup.place(frame.placeX($0.x))),\(Markup.place(frame.placeY($0.y)))"
      }.joined(separator: " ")
      text += "\"/>\n"
    }
    let radius = points.count > 60 ? 1.6 : 3
    for point in points {
      text += "<g class=\"mark\"><title>\(Markup.escaped("\(own.title): \(point.text)"))</title>"
      text += own.style.point(
        x: frame.placeX(point.x), y: frame.placeY(point.y), radius: radius)
      text += "</g>\n"
    }
    return text + "</g>\n"
  }

  /// Every so many of `points`, and the last.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > mostPoints else { return points }
    let step = (points.count + mostPoints - 2) / (mostPoints - 1)
    var kept = stride(from: 0, to: points.count - 1, by: step).map { points[$0] }
    kept.append(points[points.count - 1])
    return kept
  }
}
