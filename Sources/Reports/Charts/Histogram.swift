import Storage

/// How many values lie in each of ranges of equal width that follow one another.
struct Histogram: Chart {
  let name: String
  let title: String
  let summary: String
  let xTitle: String
  let yTitle: String
  /// Where the first range begins.
  let start: Double
  /// Of a range, above 0.
  let step: Double
  let counts: [Int]
  var style = ChartStyle(0)
  var size = (width: 520.0, height: 280.0)

  var marks: Int { counts.count }

  var body: String {
    let end = start + step * Double(counts.count)
    let frame = PlotFrame(
      width: size.width, height: size.height, x: PlotAxis(xTitle, [start, end]),
      y: ChartScale([0, Double(counts.max() ?? 1)], logarithmic: false), yTitle: yTitle)
    var text = frame.body + "<g class=\"c\(style.colour)\">\n"
    let floor = frame.placeY(0)
    for (index, count) in counts.enumerated() {
      let from = start + step * Double(index)
      let x = frame.placeX(from)
      let top = frame.placeY(Double(count))
      let range = NumberText.apart([from, from + step], 4).joined(separator: " to ")
      text += "<g class=\"mark\"><title>\(range): \(NumberText.grouped(count))</title>"
      text += "<rect class=\"bar\" x=\"\(Markup.place(x + 0.5))\" y=\"\(Markup.place(top))\" "
      text += "width=\"\(Markup.place(max(frame.placeX(from + step) - x - 1, 0.5)))\" "
      text += "height=\"\(Markup.place(max(floor - top, 0)))\"/></g>\n"
    }
    return text + "</g>\n"
  }
}
