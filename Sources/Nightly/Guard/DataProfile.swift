import Datasets
import NeuralNetworks
import Runs
import Storage

/// `profile.json` in a night's folder: how the rows that its network was trained on are distributed.
package struct DataProfile: Sendable, Equatable {
  package static let file = "profile.json"
  /// The most rows that columns are told by, evenly spaced.
  static let mostRows = 20_000

  /// Rows of the training part.
  package let rows: Int
  /// The classes in order, and how many rows have each; empty for regression.
  package let classes: [String]
  package let classCounts: [Int]
  package let columns: [ColumnProfile]

  /// The profile of the training part of `data`, in bins of its own, or in those of `other` where it has
  /// the same columns.
  init(_ data: RunData, like other: DataProfile? = nil) {
    let samples = data.training
    rows = samples.count
    classes = data.classes
    var classCounts = classes.map { _ in 0 }
    if case .labels(let labels) = samples.targets {
      for row in samples.indices where classCounts.indices.contains(Int(labels[Int(row)])) {
        classCounts[Int(labels[Int(row)])] += 1
      }
    }
    self.classCounts = classCounts
    let stride = max(1, (samples.count + Self.mostRows - 1) / Self.mostRows)
    let shown = Swift.stride(from: 0, to: samples.count, by: stride).map {
      Int(samples.indices[$0])
    }
    func value(_ row: Int, _ column: Int) -> Double {
      Double(samples.inputs[row, column]) / (data.inputScaling?.scale[column] ?? 1)
        + (data.inputScaling?.shift[column] ?? 0)
    }
    func values(_ column: Int) -> [Double] { shown.map { value($0, column) } }
    /// Of all rows: the one value that is far out need not be among those that are shown.
    func range(_ column: Int) -> ClosedRange<Double>? {
      let all = samples.indices.lazy.map { value(Int($0), column) }
      guard let least = all.min(), let largest = all.max() else { return nil }
      return least...largest
    }
    var inputs = data.interface?.inputs ?? []
    if inputs.reduce(0, { $0 + $1.width }) != samples.inputs.columns {
      inputs = (0..<samples.inputs.columns).map { ModelInterface.Input(name: nil, position: $0) }
    }
    let known = other?.columnsByName ?? [:]
    var first = 0
    columns = inputs.map { input in
      defer { first += input.width }
      let name = input.name ?? "column \(input.position + 1)"
      switch input.kind {
      case .number:
        var profile =
          known[name].flatMap { $0.levels == nil ? $0.like(values(first)) : nil }
          ?? ColumnProfile(name: name, numbers: values(first))
        profile.range = range(first)
        return profile
      case .category(let levels, _):
        var counts = levels.indices.map { level in values(first + level).count { $0 > 0.5 } }
        counts.append(max(0, shown.count - counts.reduce(0, +)))
        return ColumnProfile(name: name, levels: levels, counts: counts)
      }
    }
  }
}

extension DataProfile {
  /// The columns by their names; of two of one name the first.
  var columnsByName: [String: ColumnProfile] {
    Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: `StoreError`.
  func write(to night: RunFolder) throws(StoreError) {
    let json: JSONObject = [
      "format": 2, "rows": JSONValue(rows), "classes": .array(classes.map { .string($0) }),
      "class_counts": .array(classCounts.map { JSONValue($0) }),
      "columns": .array(columns.map(\.json)),
    ]
    try DurableFile.write(
      Array((SealedObject.line(of: json) + "\n").utf8), to: night.file(Self.file))
  }

  /// Reads the profile of `night`; nil where there is none that is as it was written.
  package init?(in night: RunFolder) {
    guard let bytes = try? FilePaths.readIfThere(night.file(Self.file), limit: 256 << 20),
      let json = SealedObject.object(ofLine: bytes), json["format"]?.intValue == 2,
      let rows = json["rows"]?.intValue,
      let classes = json["classes"]?.arrayValue?.compactMap(\.stringValue),
      let counts = json["class_counts"]?.arrayValue?.compactMap(\.intValue),
      let columns = json["columns"]?.arrayValue,
      let profiles = try? columns.map(ColumnProfile.init(json:)), counts.count == classes.count
    else { return nil }
    self.rows = rows
    self.classes = classes
    classCounts = counts
    self.columns = profiles
  }
}
