import Reports
import Runs
import Storage

/// In what two models differ, in lines for a person.
package struct DiffText {
  private let difference: ModelDifference
  private let predictions: PredictionDifference?
  private let width: Int?

  /// - Parameters:
  ///   - predictions: how far answers differ; nil where nobody asked.
  ///   - width: cells that a line of a table may have; nil for as many as it takes.
  package init(
    _ difference: ModelDifference, _ predictions: PredictionDifference? = nil, width: Int? = nil
  ) {
    self.difference = difference
    self.predictions = predictions
    self.width = width
  }

  package var lines: [String] {
    let blocks = [settings, layers, metrics, sizes, answers].filter { !$0.isEmpty }
    return Array(blocks.map { $0 }.joined(separator: [""]))
  }

  private var heads: [(String, TextTable.Alignment)] {
    [("A: " + difference.names[0], .right), ("B: " + difference.names[1], .right)]
  }

  private var settings: [String] {
    guard let settings = difference.settings else {
      return ["settings: not known of a model that lies in no run"]
    }
    if settings.isEmpty { return ["settings: the same"] }
    var table = TextTable([("setting", .left)] + heads.map { ($0.0, .left) })
    for own in settings {
      table.add([own.keyPath, own.before?.canonical ?? "–", own.now?.canonical ?? "–"])
    }
    return table.lines(width: width)
  }

  private var layers: [String] {
    var table = TextTable([
      ("layer", .left), ("shape A", .right), ("shape B", .right), ("weights A", .right),
      ("weights B", .right), ("kept by both", .right), ("largest difference", .right),
    ])
    for layer in difference.layers {
      table.add(
        [layer.name] + layer.shapes.map { $0.map { "\($0[0])x\($0[1])" } ?? "–" }
          + layer.weights.map { $0.map(Figures.grouped) ?? "–" } + [
            layer.overlap.map { Figures.percent($0, 2) } ?? "–",
            layer.largest.map { NumberText.significant($0, 4) } ?? "–",
          ])
    }
    return table.lines(width: width)
  }

  private var metrics: [String] { table("metric", difference.metrics) { Figures.loss($0) } }

  private var sizes: [String] {
    table("size", difference.sizes) { Figures.grouped(Int($0)) }
  }

  private func table(
    _ title: String, _ pairs: [ModelDifference.Pair], _ text: (Double) -> String
  ) -> [String] {
    if pairs.isEmpty { return [] }
    var table = TextTable([(title, .left)] + heads)
    for pair in pairs { table.add([pair.name] + pair.values.map { $0.map(text) ?? "–" }) }
    return table.lines(width: width)
  }

  private var answers: [String] {
    guard let predictions else { return [] }
    let what = predictions.areProbabilities ? "probabilities" : "predictions"
    var lines = [
      "\(Figures.count(predictions.rows, "row")): \(what) differ by at most "
        + "\(NumberText.significant(predictions.largest, 4)), "
        + "\(NumberText.significant(predictions.rms, 4)) as root of the mean square"
    ]
    if let other = predictions.otherClass {
      let share = Double(other) / Double(max(1, predictions.rows))
      lines.append("another class in \(Figures.count(other, "row")), \(Figures.percent(share, 2))")
    }
    return lines
  }
}
