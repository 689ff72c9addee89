import Runs
import Storage

/// The axes of a chart with one place for each category along x.
struct ChartFrame {
  let width: Double
  let height: Double
  let scale: ChartScale
  let categories: [String]
  let xTitle: String
  let yTitle: String
  /// Every how many categories one is named.
  var labelEvery = 1

  private let left = 62.0
  private let right = 10.0
  private let top = 10.0
  private let bottom = 42.0

  /// The width of a category's place.
  var slot: Double { (width - left - right) / Double(max(categories.count, 1)) }

  /// The middle of a category's place.
  func x(_ category: Int) -> Double { left + (Double(category) + 0.5) * slot }

  /// The height at which `value` stands.
  func y(_ value: Double) -> Double {
    height - bottom - scale.share(value) * (height - top - bottom)
  }

  /// What is in the picture: `content` upon grid and labels.
  func body(_ content: String) -> String {
    """
    \(grid)\(content)<text class="axis" x="\(Markup.place((left + width - right) / 2))" \
    y="\(Markup.place(height - 6))">\(Markup.escaped(xTitle))</text>
    <text class="axis" transform="translate(13 \(Markup.place((height - bottom + top) / 2))) \
    rotate(-90)">\(Markup.escaped(yTitle))</text>

    """
  }

  private var grid: String {
    var text = ""
    for (index, category) in categories.enumerated() {
      if index % 2 == 1 {
        text += "<rect class=\"band\" x=\"\(Markup.place(x(index) - slot / 2))\" "
        text += "y=\"\(Markup.place(top))\" width=\"\(Markup.place(slot))\" "
        text += "height=\"\(Markup.place(height - top - bottom))\"/>\n"
      }
      if index % labelEvery != 0 { continue }
      text += "<text class=\"tick\" text-anchor=\"middle\" x=\"\(Markup.place(x(index)))\" "
      text += "y=\"\(Markup.place(height - bottom + 15))\">\(Markup.escaped(category))</text>\n"
    }
    for (tick, label) in scale.labels(digits: 3) {
      let place = Markup.place(y(tick))
      text += line("grid", x1: left, x2: width - right, y: tick)
      text += "<text class=\"tick\" text-anchor=\"end\" x=\"\(Markup.place(left - 6))\" "
      text += "y=\"\(place)\" dy=\"0.32em\">\(label)</text>\n"
    }
    return text
  }

  /// A level over all categories.
  func level(_ level: ChartLevel) -> String {
    guard !level.values.isEmpty else { return "" }
    let mean = Summary(level.values).mean
    let title = "\(level.title): \(NumberText.mean(Summary(level.values)))"
    return "<g><title>\(Markup.escaped(title))</title>"
      + line("level", x1: left, x2: width - right, y: mean) + "</g>\n"
  }

  private func line(_ style: String, x1: Double, x2: Double, y value: Double) -> String {
    "<line class=\"\(style)\" x1=\"\(Markup.place(x1))\" x2=\"\(Markup.place(x2))\" "
      + "y1=\"\(Markup.place(y(value)))\" y2=\"\(Markup.place(y(value)))\"/>\n"
  }
}
