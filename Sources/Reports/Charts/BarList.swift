import Storage

/// Bars one below the other, each with its name on the left and its number on the right.
struct BarList: Chart {
  /// A bar.
  struct Bar {
    let title: String
    /// 0 or more.
    let value: Double
    /// The number for people.
    let text: String
    var style = ChartStyle(0)
  }

  let name: String
  let title: String
  let summary: String
  let xTitle: String
  let bars: [Bar]
  var width = 1000.0

  private let height = 22.0
  private let bottom = 26.0
  private let right = 90.0
  private var left: Double { 14 + 6.6 * Double(min(bars.map(\.title.count).max() ?? 0, 32)) }

  var size: (width: Double, height: Double) { (width, height * Double(bars.count) + bottom) }
  var marks: Int { bars.count }

  var body: String {
    let most = max(bars.map(\.value).max() ?? 0, 1e-300)
    var text = ""
    for (index, bar) in bars.enumerated() {
      let middle = Markup.place((Double(index) + 0.5) * height)
      let length = bar.value / most * (width - left - right)
      let name = bar.title.count <= 32 ? bar.title : bar.title.prefix(31) + "…"
      text +=
        "<text class=\"tick\" text-anchor=\"end\" x=\"\(Markup.place(left - 7))\" y=\"\(middle)\" "
      text += "dy=\"0.32em\">\(Markup.escaped(name))</text>\n"
      text += "<g class=\"mark c\(bar.style.colour)\"><title>"
      text += "\(Markup.escaped("\(bar.title): \(bar.text)"))</title><rect class=\"bar\" "
      text += "x=\"\(Markup.place(left))\" y=\"\(Markup.place(Double(index) * height + 3))\" "
      text +=
        "width=\"\(Markup.place(max(length, 0.8)))\" height=\"\(Markup.place(height - 6))\"/></g>\n"
      text += "<text class=\"tick\" x=\"\(Markup.place(left + length + 6))\" y=\"\(middle)\" "
      text += "dy=\"0.32em\">\(Markup.escaped(bar.text))</text>\n"
    }
    text += "<text class=\"axis\" x=\"\(Markup.place((left + width - right) / 2))\" "
    return text + "y=\"\(Markup.place(size.height - 6))\">\(Markup.escaped(xTitle))</text>\n"
  }
}
