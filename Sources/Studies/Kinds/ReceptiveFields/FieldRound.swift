import Engine
import NeuralNetworks
import Schedules
import Storage

/// What is measured of a network at the end of one round's training.
struct FieldRound {
  let round: Int
  let metrics: Metrics
  /// Share of all weights that is gone, and of the first layer's weights that is left.
  let sparsity: Double
  let firstDensity: Double
  let locality: LayerLocality
  /// Of the first layer.
  let mask: Mask
  /// Excess kurtoses of the pre-activations of its units that are alive.
  private(set) var kurtoses: [Double] = []
  /// Of the pruning that follows; nil behind the last.
  var removal: RemovalKurtosis?

  /// The columns of the results, in their order.
  static let measures = [
    "round", "sparsity", "first_density", "loss", "accuracy", "units", "participation", "pixels",
    "spread", "spread_among_read", "kurtosis", "kurtosis_median", "raising_removed", "raising_kept",
    "separation",
  ]

  init(
    _ model: ModelState, round: Int, image: ImageShape, _ stages: StudyStages
  ) throws {
    let layers = model.network.layers
    self.round = round
    metrics = try stages.metrics(model)
    sparsity = model.sparsity
    firstDensity = Double(layers[0].remaining) / Double(max(layers[0].weights.count, 1))
    locality = LayerLocality(of: layers[0], next: layers.dropFirst().first, image: image)
    mask = layers[0].keepingMask
  }

  /// Takes the kurtosis of each unit of the first layer of `network` that is alive.
  mutating func measure(_ moments: PreActivationMoments, alive network: Network) {
    let alive = LayerLocality.aliveUnits(
      of: network.layers[0], next: network.layers.dropFirst().first)
    kurtoses = alive.compactMap { moments.excessKurtosis(ofUnit: $0) }
  }

  /// A row of the results, and for the page the masks of the units `pictured`, which read pixels of `image`.
  func json(picturing pictured: [Int], of image: ImageShape) -> JSONObject {
    let mean = kurtoses.isEmpty ? nil : kurtoses.reduce(0, +) / Double(kurtoses.count)
    return [
      "round": JSONValue(round), "sparsity": JSONValue(sparsity),
      "first_density": JSONValue(firstDensity), "loss": JSONValue(metrics.loss),
      "accuracy": JSONValue(metrics.accuracy), "units": JSONValue(locality.aliveUnits),
      "participation": JSONValue(locality.participation),
      "pixels": JSONValue(locality.pixelParticipation), "spread": JSONValue(locality.spread),
      "spread_among_read": JSONValue(locality.spreadAmongRead), "kurtosis": JSONValue(mean),
      "kurtosis_median": JSONValue(kurtoses.median),
      "raising_removed": JSONValue(removal?.raisingAmongRemoved),
      "raising_kept": JSONValue(removal?.raisingAmongKept),
      "separation": JSONValue(removal?.separation),
      "image": [JSONValue(image.rows), JSONValue(image.columns)],
      "masks": JSONValue(
        pictured.map { unit in
          [
            "unit": JSONValue(unit),
            "pixels": .string(FieldPictures.text(of: FieldPictures.row(unit, of: mask))),
          ]
        }),
    ]
  }
}
