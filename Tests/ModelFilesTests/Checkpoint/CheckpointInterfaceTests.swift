import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import Testing

@Suite("What a checkpoint says of its model's data")
struct CheckpointInterfaceTests {
  private typealias Interface = ModelInterface

  /// A network of three inputs and two outputs that knows `interface`.
  private func contents(
    _ interface: ModelInterface?, classes: [String] = []
  ) -> CheckpointContents {
    var draws = Draws(seed: 9)
    return CheckpointContents(
      state: ModelState(
        network: draws.network([3, 2], densities: [2]), classes: classes, interface: interface))
  }

  private func inputs(_ names: [String?], from position: Int = 0) -> [ModelInterface.Input] {
    names.enumerated().map { ModelInterface.Input(name: $1, position: position + $0) }
  }

  private func columns(_ names: [String?], from position: Int = 0) -> [ModelInterface.Column] {
    names.enumerated().map { ModelInterface.Column(name: $1, position: position + $0) }
  }

  @Test("Names, kinds, positions, levels, fills, layout and loss come back")
  func everything() throws {
    let read = try decoded(encoded(fullContents()))
    #expect(read.state.interface == fullInterface)
    let file = try encoded(fullContents())
    let summary = try CheckpointSummary(fileStart: file, fileSize: file.count, digest: fnv)
    #expect(summary.interface == fullInterface)
  }

  @Test("Its form in the description")
  func form() throws {
    let json = try ForgedCheckpoint(fullContents()).metadata["interface"]
    #expect(
      json == [
        "inputs": [
          ["names": ["age", "größe"]], ["names": ["dose"], "position": 4, "fill": 0.1],
          ["names": ["colour"], "levels": ["red", ""], "unknown": "zeros"],
        ],
        "targets": [["name": "kind", "position": 3]],
        "table": [
          "delimiter": ";", "decimal": ",", "header": true,
          "ignored": [["name": "id", "position": 2]],
        ],
        "loss": ["name": "cross_entropy", "label_smoothing": 0.1],
        "missing": ["markers": ["-", "n/a"], "rows": "drop"],
      ])
  }

  @Test("Columns without names are a number")
  func counts() throws {
    var interface = Interface(inputs: inputs([nil, nil, nil]), targets: columns([nil, nil]))
    #expect(try decoded(encoded(contents(interface))) == contents(interface))
    let json = try ForgedCheckpoint(contents(interface)).metadata["interface"]
    #expect(json?["inputs"] == [["count": 3]])
    interface.inputs = inputs([nil], from: 4) + inputs(["b"], from: 5) + inputs([nil], from: 1)
    #expect(try decoded(encoded(contents(interface))) == contents(interface))
  }

  @Test(
    "Every loss comes back",
    arguments: [
      .meanSquared, .meanAbsolute, .huber(delta: 0.3), .binaryCrossEntropy, nil,
    ] as [Loss?])
  func losses(loss: Loss?) throws {
    let interface = Interface(
      inputs: inputs(["a", "b", "c"]), targets: columns(["x", "y"], from: 3), loss: loss)
    #expect(try decoded(encoded(contents(interface))) == contents(interface))
  }

  @Test("What is not known of columns stays unknown")
  func unknown() throws {
    let interface = Interface(inputs: [], targets: [], loss: .meanSquared)
    #expect(try decoded(encoded(contents(interface))) == contents(interface))
  }

  @Test("Of more columns than a file tells of, the loss is kept alone", arguments: [false, true])
  func tooMany(isNamed: Bool) throws {
    let count = isNamed ? 3 : 1 << 20 + 1
    let name = isNamed ? String(repeating: "x", count: 2 << 20) : nil
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 1, columns: count, Array(repeating: 0, count: count)),
      bias: [0], activation: .identity)
    var state = ModelState(network: Network(layers: [layer]))
    state.interface = Interface(
      inputs: inputs(Array(repeating: name, count: count)), targets: [], loss: .meanAbsolute)
    let read = try decoded(encoded(CheckpointContents(state: state), level: 1)).state.interface
    #expect(read == Interface(inputs: [], targets: [], loss: .meanAbsolute))
  }

  @Test("A checkpoint that builds on another one keeps it")
  func delta() throws {
    let base = contents(Interface(inputs: inputs(["a", "b", "c"]), targets: []))
    var lineage = base
    lineage.lineage = ["key": "aa"]
    let first = try encoded(lineage)
    let summary = try CheckpointSummary(fileStart: first, fileSize: first.count, digest: fnv)
    let identity = CheckpointBase(identity: try #require(summary.identity), state: base.state)
    var next = lineage
    next.state.network.layers[0].bias[0] = 2
    let file = try Checkpoint.encode(next, base: identity, level: 3, digest: fnv)
    #expect(try Checkpoint.decode(file, base: identity, digest: fnv) == next)
  }

  /// What decoding says when the member at `path` of the full interface is `value`.
  private func complaint(_ path: [String], _ value: JSONValue?) throws -> String {
    var forged = try ForgedCheckpoint(fullContents())
    forged.metadata.change("interface") { json in
      guard let last = path.last else { return json = value ?? .null }
      func change(_ json: inout JSONValue, _ rest: ArraySlice<String>) {
        guard let first = rest.first else { return json[last] = value }
        if var elements = json.arrayValue {
          change(&elements[Int(first)!], rest.dropFirst())
          json = .array(elements)
        } else {
          var member = json[first]!
          change(&member, rest.dropFirst())
          json[first] = member
        }
      }
      change(&json, path.dropLast())
    }
    let file = try forged.bytes
    let error = #expect(throws: CheckpointError.self) { try decoded(file) }
    return "\(try #require(error))"
  }

  @Test(
    "What cannot be is refused, with its place",
    arguments: [
      ("", "x"), ("inputs", nil), ("inputs", 1), ("inputs", [["count": 4]]),
      ("inputs", [["count": 6]]), ("inputs", [["count": -1]]), ("inputs", [["count": 0]]),
      ("inputs", [["count": .integer(.max)]]), ("inputs", [["names": []]]),
      ("inputs", [["names": [1, 2, 3, 4, 5]]]), ("inputs", [1]),
      ("inputs", [["count": 5, "position": -1]]), ("inputs", [["count": 5, "position": 0.5]]),
      ("inputs", [["count": 5, "position": .integer(.max)]]),
      ("inputs", [["count": 5, "names": ["a"]]]), ("inputs", [["count": 5, "fill": 1]]),
      ("inputs", [["count": 4], ["count": 1, "position": 3]]),
      ("inputs.1.fill", "x"), ("inputs.1.fill", .null), ("inputs.1.levels", ["a"]),
      ("inputs.2.levels", ["a"]), ("inputs.2.levels", ["a", "a"]), ("inputs.2.levels", []),
      ("inputs.2.levels", ["a", "b", "c"]), ("inputs.2.levels", [1, 2]),
      ("inputs.2.unknown", "one"), ("inputs.2.unknown", nil), ("inputs.2.position", 3),
      ("targets", nil), ("targets", [1]), ("targets.0.name", 5), ("targets.0.name", nil),
      ("targets.0.position", 4), ("targets.0.position", -1),
      ("targets", [["name": "a", "position": 8], ["name": "b", "position": 9]]),
      ("table", nil), ("table", "csv"), ("table.delimiter", "x"), ("table.decimal", ";"),
      ("table.header", 1), ("table.ignored", nil),
      ("table.ignored", [["name": "id", "position": 0]]),
      ("missing", nil), ("missing", "drop"), ("missing.rows", "mean"), ("missing.markers", nil),
      ("missing.markers", "-"), ("missing.markers", [1]),
      ("loss", nil), ("loss", "mse"), ("loss.name", "l0"), ("loss.label_smoothing", 1),
      ("loss.label_smoothing", -0.1), ("loss.label_smoothing", "x"),
      ("loss", ["name": "huber", "delta": 0]), ("loss", ["name": "huber", "delta": 1e99]),
    ] as [(String, JSONValue?)])
  func hostile(path: String, value: JSONValue?) throws {
    let text = try complaint(path.split(separator: ".").map(String.init), value)
    #expect(text.contains("\"interface"), "\(text)")
  }

  @Test("A member that is not known is refused, as anywhere in a description")
  func more() throws {
    #expect(try complaint(["more"], 1).contains("the header was changed"))
    #expect(try complaint(["inputs", "0", "unknown"], "zeros").contains("the header was changed"))
  }

  @Test("A loss of classes without classes is refused")
  func classless() throws {
    let interface = Interface(inputs: [], targets: [], loss: .crossEntropy())
    #expect(throws: CheckpointError.self) { try encoded(contents(interface)) }
    let both = contents(interface, classes: ["a", "b"])
    #expect(try decoded(encoded(both)) == both)
  }
}
