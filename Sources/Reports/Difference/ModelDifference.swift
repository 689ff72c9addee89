import Engine
import ModelFiles
import NeuralNetworks
import Runs
import Schedules
import Storage

/// One of two models that are compared, with the run that it lies in where it lies in one.
package struct ComparedModel: Sendable {
  /// As it was called.
  package let name: String
  package let model: StoredModel
  /// Of its run; nil for a file of its own.
  package let manifest: Manifest?
  /// The stage that it is from; nil where that is not known.
  package let record: StageRecord?
  /// Why nothing is known of its run, though it lies in one; nil where that is no loss.
  package let loss: String?

  /// - Parameters:
  ///   - name: as it was called.
  ///   - path: the model's file.
  /// - Throws: as `StoredModel` does.
  package init(name: String, path: String) throws {
    self.name = name
    model = try StoredModel(path: path)
    let folder = RunFolder(path: FilePaths.folder(of: FilePaths.real(path)))
    let manifest: Manifest?
    do {
      manifest = try CheckpointStore.manifest(of: folder)
      loss = nil
    } catch {
      manifest = nil
      loss = "\(error); so the settings and metrics of \(name) are left out"
    }
    let key = model.file.lineage?["key"]?.stringValue
    record = key.flatMap { manifest?.record(of: $0) }
    self.manifest = record == nil ? nil : manifest
  }

  /// How good it is on each part that it was measured on.
  var metrics: [PartMetrics] {
    record.flatMap { manifest?.measures(of: $0) } ?? []
  }

  /// What decides which rows `part` has; nil where that is not known.
  func rows(of part: String) -> JSONValue? {
    guard let data = manifest?.data else { return nil }
    let own = data.settings[part] ?? .null
    var rows: JSONValue = ["files": .string(data.facts.digest), "part": own]
    if own["files"] == nil {
      rows["seed"] = data.settings["seed"] ?? .null
      rows["validation"] = data.settings["validation"] ?? .null
      rows["split_by"] = data.settings["split_by"] ?? .null
    }
    return rows
  }

  /// The settings of its run by key paths, elements of lists among them; nil for a file of its own.
  var settings: JSONValue? { manifest.map { Self.indexed(WrittenSettings.of($0.schedule)) } }

  /// `value` with the elements of lists under their places, so that they are compared one by one.
  private static func indexed(_ value: JSONValue) -> JSONValue {
    if let members = value.objectValue {
      return .object(JSONObject(members.map { ($0.name, indexed($0.value)) }) ?? [:])
    }
    guard let items = value.arrayValue, items.contains(where: { $0.objectValue != nil }) else {
      return value
    }
    return .object(JSONObject(items.enumerated().map { ("[\($0)]", indexed($1)) }) ?? [:])
  }
}

/// In what two models, and the runs that made them, differ.
package struct ModelDifference: Sendable {
  /// A layer that both have, or one of them.
  package struct Layer: Sendable, Equatable {
    package let name: String
    /// [outputs, inputs]; nil where there is none.
    package let shapes: [[Int]?]
    /// Weights that are left.
    package let weights: [Int?]
    /// Of the weights that either keeps, the share that both keep; nil for other shapes.
    package let overlap: Double?
    /// The largest difference of two weights; nil for other shapes.
    package let largest: Double?
  }

  /// A number of both; nil where one has none.
  package struct Pair: Sendable, Equatable {
    package let name: String
    package let values: [Double?]
  }

  package let names: [String]
  /// Nil where one of them is no run's.
  package let settings: [JSONDifference]?
  package let layers: [Layer]
  package let metrics: [Pair]
  package let sizes: [Pair]

  /// Compares `a` with `b`.
  package init(_ a: ComparedModel, _ b: ComparedModel) {
    names = [a.name, b.name]
    if let before = a.settings, let now = b.settings {
      settings = JSONDifference.all(from: before, to: now)
    } else {
      settings = nil
    }
    layers = Self.layers(a.model.state.network, b.model.state.network)
    metrics = Self.metrics(a.metrics, b.metrics)
    sizes = Self.sizes(a.model, b.model)
  }

  /// That metrics of one part are of other rows in `a` and `b`, as a sentence; nil where they are of the same ones,
  /// or that is not known.
  package static func otherRows(_ a: ComparedModel, _ b: ComparedModel) -> String? {
    let parts = a.metrics.map(\.part).filter { part in b.metrics.contains { $0.part == part } }
    let other = parts.filter { part in
      guard let one = a.rows(of: part), let two = b.rows(of: part) else { return false }
      return one != two
    }
    guard !other.isEmpty else { return nil }
    return "\(a.name) and \(b.name) were measured on other rows (\(listed(other))): "
      + "their metrics do not compare the models alone"
  }

  // MARK: Layers

  private static func layers(_ a: Network, _ b: Network) -> [Layer] {
    var names = a.layers.map(\.name)
    // The output stands last.
    for name in b.layers.map(\.name) where !names.contains(name) {
      names.insert(name, at: max(0, names.count - 1))
    }
    return names.map { name in
      let own = [a, b].map { $0.layers.first { $0.name == name } }
      let shapes = own.map { $0.map { [$0.outputs, $0.inputs] } }
      var (overlap, largest): (Double?, Double?)
      if let one = own[0], let other = own[1], shapes[0] == shapes[1] {
        overlap = Self.overlap(one.keepingMask, other.keepingMask)
        largest = zip(elements(one), elements(other)).reduce(0) { max($0, abs($1.0 - $1.1)) }
      }
      return Layer(
        name: name, shapes: shapes, weights: own.map { $0?.remaining }, overlap: overlap,
        largest: largest)
    }
  }

  private static func elements(_ layer: DenseLayer) -> [Double] {
    layer.weights.withSpan { span in span.indices.map { Double(span[$0]) } }
  }

  /// The kept weights that two masks of one shape share, of those that either keeps; 1 where neither keeps
  /// any.
  package static func overlap(_ a: Mask, _ b: Mask) -> Double {
    let both = zip(a.words, b.words).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
    let either = zip(a.words, b.words).reduce(0) { $0 + ($1.0 | $1.1).nonzeroBitCount }
    return either == 0 ? 1 : Double(both) / Double(either)
  }

  // MARK: Numbers

  private static func metrics(_ a: [PartMetrics], _ b: [PartMetrics]) -> [Pair] {
    var parts = a.map(\.part)
    parts += b.map(\.part).filter { !parts.contains($0) }
    let kinds: [(String, (Metrics) -> Double?)] = [
      ("loss", { $0.loss }), ("accuracy", { $0.accuracy }), ("rmse", { $0.rmse }),
      ("mae", { $0.mae }), ("nrmse", { $0.nrmse }), ("r2", { $0.r2 }),
    ]
    return parts.flatMap { part in
      kinds.compactMap { kind, value in
        let values = [a, b].map { $0.first { $0.part == part }.flatMap { value($0.metrics) } }
        return values.contains { $0 != nil } ? Pair(name: "\(part) \(kind)", values: values) : nil
      }
    }
  }

  private static func sizes(_ a: StoredModel, _ b: StoredModel) -> [Pair] {
    let all = [a, b].map { model in
      ModelSizes(of: model, pool: nil).variants.first { $0.form == .pruned }
    }
    func pair(_ name: String, _ value: (ModelSizes.Variant) -> Int?) -> Pair {
      Pair(name: name, values: all.map { $0.flatMap(value).map(Double.init) })
    }
    let forms = all.flatMap { $0?.footprints ?? [] }.map { ($0.form, $0.title) }
    var seen: Set<String> = []
    let footprints = forms.filter { seen.insert($0.0).inserted }.map { form, title in
      // A file that others wrote, or that says more of where it comes from, has another size.
      pair(title + ", written anew") { $0.footprints.first { $0.form == form }?.bytes }
    }
    return [
      Pair(name: "bytes of the file", values: [Double(a.size), Double(b.size)]),
      pair("weights", \.weights), pair("multiply-adds as matrices", \.total),
      pair("bytes of memory, 1 sample", \.memory),
    ] + footprints
  }
}
