import Runs
import Storage

/// Boxes side by side for each category, one a series: whiskers from the least to the largest value, the
/// box between the quartiles, a line at the median; medians of a series are joined.
struct BoxChart: Chart {
  let name: String
  let title: String
  let xTitle: String
  let yTitle: String
  let categories: [String]
  let series: [ChartSeries]
  let level: ChartLevel?
  /// What guessing gives; nil for nothing.
  var guess: Double? = nil
  /// Whether y is logarithmic where values allow.
  let isLogarithmic: Bool

  let size = (width: 1000.0, height: 380.0)

  var summary: String {
    "\(yTitle) against \(xTitle), a box each for "
      + series.map(\.title).joined(separator: ", ") + "."
  }
  var marks: Int { series.reduce(0) { $0 + $1.values.count { !$0.isEmpty } } }

  var body: String {
    let values = series.flatMap { $0.values.flatMap { $0 } } + (level?.values ?? [])
    let frame = ChartFrame(
      width: size.width, height: size.height, scale: ChartScale(values, logarithmic: isLogarithmic),
      categories: categories, xTitle: xTitle, yTitle: yTitle)
    let content = series.indices.map { one($0, frame) }.joined()
    return frame.body(
      (level.map(frame.level) ?? "") + (guess.map(frame.guess) ?? "") + content)
  }

  private func one(_ index: Int, _ frame: ChartFrame) -> String {
    let own = series[index]
    let step = frame.slot * 0.86 / Double(max(series.count, 1))
    let offset = (Double(index) - Double(series.count - 1) / 2) * step
    let half = min(step * 0.38, 9)
    var text = ""
    var path: [String] = []
    for (category, values) in own.values.enumerated() where !values.isEmpty {
      let sorted = values.sorted()
      let x = frame.x(category) + offset
      let quartiles = [0.25, 0.5, 0.75].map { frame.y(Summary.quantile($0, ofSorted: sorted)) }
      path.append("\(Markup.place(x)),\(Markup.place(quartiles[1]))")
      let told =
        "\(own.title), \(categories[category]): median "
        + NumberText.significant(Summary.quantile(0.5, ofSorted: sorted), 4)
        + ", \(NumberText.significant(sorted[0], 4)) to "
        + NumberText.significant(sorted[sorted.count - 1], 4)
      text += "<g class=\"mark\"><title>\(Markup.escaped(told))</title>"
      text += line(x, x, frame.y(sorted[0]), frame.y(sorted[sorted.count - 1]))
      text += "<rect class=\"box\" x=\"\(Markup.place(x - half))\" "
      text += "y=\"\(Markup.place(quartiles[2]))\" width=\"\(Markup.place(2 * half))\" "
      text += "height=\"\(Markup.place(max(0.8, quartiles[0] - quartiles[2])))\"/>"
      text += line(x - half, x + half, quartiles[1], quartiles[1]) + "</g>\n"
    }
    return "<g class=\"c\(own.colour)\"><polyline class=\"join\" points=\""
      + path.joined(separator: " ") + "\"/>\n" + text + "</g>\n"
  }

  private func line(_ x1: Double, _ x2: Double, _ y1: Double, _ y2: Double) -> String {
    "<line x1=\"\(Markup.place(x1))\" x2=\"\(Markup.place(x2))\" y1=\"\(Markup.place(y1))\" "
      + "y2=\"\(Markup.place(y2))\"/>"
  }
}
