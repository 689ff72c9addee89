import Storage

/// The axes of a chart with numbers along both.
struct PlotFrame {
  let width: Double
  let height: Double
  let x: PlotAxis
  let y: ChartScale
  let yTitle: String

  private let left = 64.0
  private let right = 14.0
  private let top = 12.0
  private let bottom = 44.0

  func placeX(_ value: Double) -> Double { left + x.share(value) * (width - left - right) }

  func placeY(_ value: Double) -> Double {
    height - bottom - y.share(value) * (height - top - bottom)
  }

  /// Grid, names of numbers, and titles of the axes.
  var body: String {
    var text = ""
    for tick in x.ticks {
      let place = Markup.place(placeX(tick.value))
      text += "<line class=\"grid\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Markup.place(top))\" "
      text += "y2=\"\(Markup.place(height - bottom))\"/>\n"
      text += "<text class=\"tick\" text-anchor=\"middle\" x=\"\(place)\" "
      text += "y=\"\(Markup.place(height - bottom + 16))\">\(Markup.escaped(tick.text))</text>\n"
    }
    for (tick, label) in y.labels(digits: 4) {
      let place = Markup.place(placeY(tick))
      text +=
        "<line class=\"grid\" x1=\"\(Markup.place(left))\" x2=\"\(Markup.place(width - right))\" "
      text += "y1=\"\(place)\" y2=\"\(place)\"/>\n"
      text +=
        "<text class=\"tick\" text-anchor=\"end\" x=\"\(Markup.place(left - 7))\" y=\"\(place)\" "
      text += "dy=\"0.32em\">\(label)</text>\n"
    }
    text += "<text class=\"axis\" x=\"\(Markup.place((left + width - right) / 2))\" "
    text += "y=\"\(Markup.place(height - 7))\">\(Markup.escaped(x.title))</text>\n"
    text += "<text class=\"axis\" transform=\"translate(13 "
    text +=
      "\(Markup.place((height - bottom + top) / 2))) rotate(-90)\">\(Markup.escaped(yTitle))</text>\n"
    return text
  }

  /// A dashed line over the whole width, named on hovering; one of a series ends in its colour and shape.
  func level(_ value: Double, _ title: String, _ style: ChartStyle?) -> String {
    let place = Markup.place(placeY(value))
    let end = width - right
    return
      "<g\(style.map { " class=\"c\($0.colour)\"" } ?? "")><title>\(Markup.escaped(title))</title>"
      + "<line class=\"level\" x1=\"\(Markup.place(left))\" x2=\"\(Markup.place(end))\" "
      + "y1=\"\(place)\" y2=\"\(place)\"/>"
      + (style?.point(x: end, y: placeY(value)) ?? "") + "</g>\n"
  }

  /// A thin line from top to bottom.
  func border(_ value: Double) -> String {
    let place = Markup.place(placeX(value))
    return "<line class=\"border\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Markup.place(top))\" "
      + "y2=\"\(Markup.place(height - bottom))\"/>\n"
  }
}
