import Benchmarking
import Storage

/// A growth measurement as a picture: the time of a step by width and by sparsity, with masked dense
/// layers and with compressed rows.
package struct GrowthPlot {
  private let growth: GrowthMeasurement

  package init(_ growth: GrowthMeasurement) { self.growth = growth }

  private static let chartSize = (width: 400.0, height: 290.0)
  private static let top = 62.0
  private static let forms: [(title: String, colour: Int)] = [
    ("masked dense layers", 0), ("compressed rows", 2),
  ]

  /// One SVG file that needs no other.
  package var svg: String {
    let (width, height) = Self.chartSize
    let whole = (width: 2 * width, height: height + Self.top)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Markup.place(whole.width)) \
      \(Markup.place(whole.height))" role="img" aria-label="\(Markup.escaped(title))">
      <style>
      \(PageStyle.sheet)</style>
      <rect width="100%" height="100%" fill="var(--bg)"/>
      <text class="axis" x="\(Markup.place(width))" y="20">\(Markup.escaped(title))</text>
      \(legend)\(placed(byWidth, x: 0))\(placed(bySparsity, x: width))</svg>

      """
  }

  private var title: String {
    let threads = counted(growth.threads, "thread")
    let crossover =
      growth.crossover.map { "compressed rows win from sparsity \(NumberText.fixed($0, 2)) on" }
      ?? "compressed rows never win"
    return "Milliseconds of a training step, batch \(GrowthMeasurement.batch), \(threads): "
      + crossover
  }

  private var legend: String {
    Self.forms.enumerated().map { index, form in
      let x = Self.chartSize.width - 150 + 190 * Double(index)
      return "<g class=\"c\(form.colour)\"><circle cx=\"\(Markup.place(x))\" cy=\"42\" r=\"4\"/>"
        + "<text class=\"tick\" x=\"\(Markup.place(x + 9))\" y=\"46\">\(form.title)</text></g>\n"
    }.joined()
  }

  private var byWidth: LineChart {
    chart(
      growth.byWidth, xTitle: "width, at sparsity \(GrowthMeasurement.sparsityOfWidths)",
      categories: growth.byWidth.map { "\($0.width)" })
  }

  private var bySparsity: LineChart {
    chart(
      growth.bySparsity, xTitle: "sparsity, at width \(growth.bySparsity.first?.width ?? 0)",
      categories: growth.bySparsity.map { "\($0.sparsity)" })
  }

  private func chart(
    _ points: [GrowthMeasurement.Point], xTitle: String, categories: [String]
  ) -> LineChart {
    let values = [points.map { [$0.dense] }, points.map { $0.compressed.map { [$0] } ?? [] }]
    return LineChart(
      name: xTitle, title: xTitle, xTitle: xTitle, yTitle: "milliseconds a step",
      categories: categories,
      series: zip(Self.forms, values).map {
        ChartSeries(title: $0.title, colour: $0.colour, values: $1)
      },
      level: nil, range: values.joined().flatMap { $0 }, isLogarithmic: true,
      size: Self.chartSize)
  }

  private func placed(_ chart: LineChart, x: Double) -> String {
    "<g transform=\"translate(\(Markup.place(x)) \(Markup.place(Self.top)))\">\n"
      + chart.body + "</g>\n"
  }
}
