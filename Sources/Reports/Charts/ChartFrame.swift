import Runs
import Storage

/// The axes of a chart with one place for each category along x: side by side, or where their numbers stand on a
/// logarithmic axis.
struct ChartFrame {
  let width: Double
  let height: Double
  let scale: ChartScale
  let categories: [String]
  let xTitle: String
  let yTitle: String
  /// Every how many categories one is named.
  var labelEvery = 1
  /// The numbers of the categories, ascending and above 0; nil where they stand side by side.
  var sizes: [Double]? = nil

  private let left = 62.0
  private let right = 10.0
  private let top = 10.0
  private let bottom = 42.0

  /// The width of a category's place.
  var slot: Double { (width - left - right) / Double(max(categories.count, 1)) }

  /// The middle of a category's place.
  func x(_ category: Int) -> Double {
    guard let sizes else { return left + (Double(category) + 0.5) * slot }
    let scale = ChartScale(sizes, logarithmic: true)
    return left + slot / 4 + scale.share(sizes[category]) * (width - left - right - slot / 2)
  }

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
    // Where the last name ends, of categories that may stand close together.
    var named = -Double.infinity
    for (index, category) in categories.enumerated() {
      if sizes != nil {
        text += "<line class=\"grid\" x1=\"\(Markup.place(x(index)))\" "
        text += "x2=\"\(Markup.place(x(index)))\" y1=\"\(Markup.place(top))\" "
        text += "y2=\"\(Markup.place(height - bottom))\"/>\n"
      } else if index % 2 == 1 {
        text += "<rect class=\"band\" x=\"\(Markup.place(x(index) - slot / 2))\" "
        text += "y=\"\(Markup.place(top))\" width=\"\(Markup.place(slot))\" "
        text += "height=\"\(Markup.place(height - top - bottom))\"/>\n"
      }
      if index % labelEvery != 0 { continue }
      let half = 3.2 * Double(category.count)
      if sizes != nil, x(index) - half < named { continue }
      named = x(index) + half + 4
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

  /// What guessing gives: a dotted line over all categories. Where it lies outside, which is where nobody wants room
  /// for it, words say so.
  func guess(_ value: Double) -> String {
    let isBelow = value < scale.low
    let isInside = !isBelow && value <= scale.high
    let place = isInside ? y(value) - 4 : isBelow ? height - bottom - 4 : top + 12
    let told = "guessing: \(NumberText.significant(value, 3))"
    let words = isInside ? "guessing" : told + (isBelow ? ", further down" : ", further up")
    return "<g><title>\(told)</title>"
      + (isInside ? line("guess", x1: left, x2: width - right, y: value) : "")
      + "<text class=\"tick\" text-anchor=\"end\" x=\"\(Markup.place(width - right - 4))\" "
      + "y=\"\(Markup.place(place))\">\(words)</text></g>\n"
  }

  private func line(_ style: String, x1: Double, x2: Double, y value: Double) -> String {
    "<line class=\"\(style)\" x1=\"\(Markup.place(x1))\" x2=\"\(Markup.place(x2))\" "
      + "y1=\"\(Markup.place(y(value)))\" y2=\"\(Markup.place(y(value)))\"/>\n"
  }
}
