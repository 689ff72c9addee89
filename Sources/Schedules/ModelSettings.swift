import Engine
import ModelFiles
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
  /// The share of the units of each hidden layer that a training step leaves out: one a hidden layer, or none
  /// at all where no unit is left out.
  package let dropout: [Double]
  /// `Initialization.standard` unless stated; without meaning beside `start`.
  package let initialization: Initialization
  /// The trained network that the run begins with; nil for a random one.
  package let start: StartingModel?

  /// The names of all layers: hidden1, hidden2, …, output.
  package var layerNames: [String] { Self.layerNames(hidden: hidden.count) }

  /// The names of the layers as far as `field` lets them be known, even where its widths are wrong.
  package static func layerNames(decoding field: Field) -> [String]? {
    guard case .list(let widths)? = field.member("hidden")?.node.content,
      widths.count <= maximumLayers
    else { return nil }
    return layerNames(hidden: widths.count)
  }

  private static func layerNames(hidden: Int) -> [String] {
    (0...hidden).map { Network.layerName($0, of: hidden + 1) }
  }

  package static var block: Block<ModelSettings> {
    let hidden: Part<ModelSettings, [Int]?> = .optional(
      "hidden", \.hidden, widths, absent: "needed without `start`", isUsual: true,
      examples: [[7, 6], [7, 5]],
      "The widths of the hidden layers, from the input upwards; `[]` is a linear model.")
    let activation: Part<ModelSettings, Activation?> = .optional(
      "activation", \.activation, .word("activation"), absent: "relu, or that of the file",
      "What follows every hidden layer.")
    let dropout: Part<ModelSettings, DropoutRates?> = .optional(
      "dropout", { DropoutRates($0.dropout) }, DropoutRates.form, absent: "no unit is left out",
      omitted: true, examples: [0.5, [0.25, 0.5]],
      "The share of the hidden units that every step of a training leaves out, for each sample anew: one rate "
        + "for all hidden layers, or a list of one a layer. Units that stay count 1 / (1 - rate) times "
        + "meanwhile. Everything but training takes the whole network.")
    let initialization: Part<ModelSettings, Initialization?> = .optional(
      "initialization", { $0.start == nil ? $0.initialization : nil }, .word("initialization"),
      absent: Initialization.standard.rawValue, omitted: true,
      "How weights and biases are drawn.")
    let classes: Part<ModelSettings, [String]?> = .optional(
      "classes", { $0.start?.classes }, names,
      absent: "those of the file, or the data's in the order of the alphabet or of the numbers",
      omitted: true, examples: [["cat", "dog"]], beside: ["start": "net.safetensors"],
      "The classes of a state dict that does not say them, in the order of its outputs.")
    let start: Part<ModelSettings, StartingModel?> = .optional(
      "start", \.start, path, absent: "random weights", omitted: true,
      "A trained network to begin with: \(ModelFormats.names). Its masks stay; a checkpoint brings its own scale of the data, and an export takes raw data, so scale beside "
        + "them is an error. What it knows of its data decides which "
        + "columns are its inputs, by name, and in which order; what `data` leaves unsaid, the label "
        + "among it, is as it was."
    ) { field, keys in
      guard let activation = activation.read(keys), let classes = classes.read(keys) else {
        return nil
      }
      return StartingModel(decoding: field, activation: activation, classes: classes)
    }
    return Block(
      "model",
      "The network: widths of the hidden layers, what is between them, and how weights start. Input "
        + "and output widths come from the data.",
      hidden, activation, dropout, initialization, start, classes,
      check: { keys, hidden, _, dropout, _, start, _ in
        check(keys, hidden ?? nil, start ?? nil)
        let layers = (start ?? nil)?.hidden.count ?? (hidden ?? nil)?.count
        if let layers, let dropout { dropout?.check(keys["dropout"], hidden: layers) }
      },
      make: { hidden, activation, dropout, initialization, start, _ in
        let widths = start?.hidden ?? hidden ?? []
        return ModelSettings(
          hidden: widths, activation: start?.activation ?? activation ?? .relu,
          dropout: dropout?.rates(hidden: widths.count) ?? [],
          initialization: initialization ?? .standard, start: start)
      })
  }

  private static func check(_ keys: KeyedFields, _ hidden: [Int]?, _ start: StartingModel?) {
    guard let place = keys["start"] else {
      if keys["hidden"] == nil { keys.reportMissing("hidden") }
      keys["classes"]?.report(
        RelationFault.notForTask("classes", task: "a network that begins at random"))
      return
    }
    keys["initialization"]?.report(KeyFault.conflict(with: place.path))
    if let hidden, let start, hidden != start.hidden {
      keys["hidden"]?.report(
        .outOfRange("\(hidden)", allowed: "\(start.hidden), the widths in \(place.path)"))
    }
  }

  /// Keys are made of the content of a model to start from.
  private static var path: Form<StartingModel> {
    Form(.path, { StartingModel(decoding: $0, activation: nil) }) { .string($0.path.written) }
  }

  private static var names: Form<[String]> {
    let name = Form<String>(.text("the name of a class")) { field in
      field.string("the name of a class")?.value
    } write: {
      .string($0)
    }
    return name.list(of: "classes, such as [cat, dog]", 2...65_536)
  }

  private static var widths: Form<[Int]> {
    Form.integer(1...maximumWidth).list(of: "widths, such as [300, 100]", 0...maximumLayers) {
      count, field in
      guard count > maximumLayers else { return true }
      field.report(
        .outOfRange("\(count) layers", allowed: "at most \(maximumLayers) hidden layers"))
      return false
    }
  }

  /// The form that stage keys are made of; the content of a model to start from is in it, its path
  /// is not.
  package var canonical: JSONValue {
    var result = json
    if let start { result["start"] = .string(start.digest) }
    return result
  }

  /// The settings as a schedule has them, with the path as written.
  package var json: JSONValue { .object(Self.block.encode(self)) }
}
