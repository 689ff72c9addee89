import Runs
import Storage

/// A line through the means of each series, with bars of one standard error either way.
struct LineChart: Chart {
  let name: String
  let title: String
  let xTitle: String
  let yTitle: String
  let categories: [String]
  /// The numbers that categories stand for, where x is logarithmic: ascending and above 0.
  var sizes: [Double]? = nil
  let series: [ChartSeries]
  let level: ChartLevel?
  /// What guessing gives; nil for nothing.
  var guess: Double? = nil
  /// What the y axis has to have room for, so that charts side by side share it.
  let range: [Double]
  /// Whether y is logarithmic where values allow.
  let isLogarithmic: Bool
  /// Every how many categories one is named below its place.
  var labelEvery = 1
  var size = (width: 350.0, height: 260.0)

  var summary: String {
    "\(yTitle) against \(xTitle), a line each for "
      + series.map(\.title).joined(separator: ", ") + "."
  }
  var marks: Int { series.reduce(0) { $0 + $1.values.count { !$0.isEmpty } } }

  var body: String {
    let frame = frame
    return frame.body(content(in: frame))
  }

  private var frame: ChartFrame {
    ChartFrame(
      width: size.width, height: size.height, scale: ChartScale(range, logarithmic: isLogarithmic),
      categories: categories, xTitle: xTitle, yTitle: yTitle, labelEvery: labelEvery,
      sizes: sizes)
  }

  private func content(in frame: ChartFrame) -> String {
    (level.map(frame.level) ?? "") + (guess.map(frame.guess) ?? "")
      + series.map { one($0, frame) }.joined()
  }

  private func one(_ own: ChartSeries, _ frame: ChartFrame) -> String {
    var text = ""
    var path: [String] = []
    for (category, values) in own.values.enumerated() where !values.isEmpty {
      let summary = Summary(values)
      let (x, y) = (frame.x(category), frame.y(summary.mean))
      path.append("\(Markup.place(x)),\(Markup.place(y))")
      let told = "\(own.title), \(categories[category]): \(NumberText.mean(summary))"
      text += "<g class=\"mark\"><title>\(Markup.escaped(told))</title>"
      if let error = summary.standardError {
        // A mean less its error may be below what a logarithmic axis can show.
        let ends = [summary.mean - error, summary.mean + error].map {
          frame.y(min(max($0, frame.scale.low), frame.scale.high))
        }
        text += "<line x1=\"\(Markup.place(x))\" x2=\"\(Markup.place(x))\" "
        text += "y1=\"\(Markup.place(ends[0]))\" y2=\"\(Markup.place(ends[1]))\"/>"
      }
      text += "<circle cx=\"\(Markup.place(x))\" cy=\"\(Markup.place(y))\" r=\"2.6\"/></g>\n"
    }
    return "<g class=\"c\(own.colour)\"><polyline points=\"" + path.joined(separator: " ")
      + "\"/>\n" + text + "</g>\n"
  }
}
