import Engine
import NeuralNetworks
import Storage

/// The network: widths of the hidden layers, what is between them, and how weights start.
///
///     model: {hidden: [300, 100], activation: relu, initialization: he_normal}
///     model: {start: trained.safetensors, activation: gelu}
///
/// Input and output widths come from the data. `hidden: []` is a linear model. With `start`, a network
/// that is trained already says its widths, and its activation where it can.
package struct ModelSettings: Sendable, Equatable {
  /// The most units a hidden layer may have; products of two widths stay far from overflow.
  package static let maximumWidth = 1_000_000
  /// The most hidden layers.
  package static let maximumLayers = 1_000

  /// From the input upwards, each 1…`maximumWidth`.
  package let hidden: [Int]
  /// Behind every hidden layer; relu unless stated.
  package let activation: Activation
  /// he_normal unless stated; without meaning beside `start`.
  package let initialization: Initialization
  /// The trained network that the run begins with; nil for a random one.
  package let start: StartingModel?

  /// The names of all layers: hidden1, hidden2, …, output.
  package var layerNames: [String] { Self.layerNames(hidden: hidden.count) }

  /// The names of the layers as far as `field` lets them be known, even where its widths are wrong.
  static func layerNames(decoding field: Field) -> [String]? {
    guard case .mapping(let entries) = field.node.content,
      let hidden = entries.first(where: { $0.key == "hidden" }),
      case .list(let widths) = hidden.value.content, widths.count <= maximumLayers
    else { return nil }
    return layerNames(hidden: widths.count)
  }

  private static func layerNames(hidden: Int) -> [String] {
    (0...hidden).map { Network.layerName($0, of: hidden + 1) }
  }

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field) {
    guard let keys = field.keys(["hidden", "activation", "initialization", "start"]) else {
      return nil
    }
    let activation = keys.optional("activation") { $0.word("activation", as: Activation.self) }
    let initialization =
      keys["initialization"].map { $0.word("initialization") } ?? Initialization.heNormal
    if let start = keys["start"] {
      keys["initialization"]?.report(KeyFault.conflict(with: start.path))
      let hidden = keys.optional("hidden", Self.widths)
      guard let activation, let initialization, let hidden,
        let model = StartingModel(decoding: start, activation: activation)
      else { return nil }
      if let hidden, hidden != model.hidden {
        keys["hidden"]?.report(
          .outOfRange("\(hidden)", allowed: "\(model.hidden), the widths in \(start.path)"))
        return nil
      }
      self.hidden = model.hidden
      self.activation = model.activation
      self.initialization = initialization
      self.start = model
      return
    }
    let hidden = keys.required("hidden").flatMap(Self.widths)
    guard let hidden, let activation, let initialization else { return nil }
    self.hidden = hidden
    self.activation = activation ?? .relu
    self.initialization = initialization
    start = nil
  }

  private static func widths(_ field: Field) -> [Int]? {
    guard let items = field.list(of: "widths, such as [300, 100]") else { return nil }
    guard items.count <= maximumLayers else {
      field.report(
        .outOfRange("\(items.count) layers", allowed: "at most \(maximumLayers) hidden layers"))
      return nil
    }
    let widths = items.map { $0.integer(1...maximumWidth) }
    return widths.contains(nil) ? nil : widths.compactMap { $0 }
  }

  /// The form that stage keys are made of; the content of a model to start from is in it, its path
  /// is not.
  package var canonical: JSONValue {
    [
      "hidden": JSONValue(hidden.map { JSONValue($0) }),
      "activation": .string(activation.rawValue),
      start == nil ? "initialization" : "start":
        .string(start?.digest ?? initialization.rawValue),
    ]
  }

  /// The settings as a schedule has them, with the path as written.
  package var json: JSONValue {
    guard let start else { return canonical }
    var result = canonical
    result["start"] = .string(start.path.written)
    return result
  }
}
