/// What one colour stands for in a chart.
struct ChartSeries {
  let title: String
  /// The number of its colour.
  let colour: Int
  /// For each category of the chart, the values there, in any order; empty for none.
  let values: [[Double]]
}

/// A level that all of a chart's categories are compared with.
struct ChartLevel {
  let title: String
  let values: [Double]
}
