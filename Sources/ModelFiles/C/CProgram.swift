import Engine

/// A network in float as a C program, and what the program computes.
struct CProgram {
  /// A layer as the program has it.
  struct Layer {
    let name: String
    let rows: CRows
    /// Those that are stored.
    let weights: [Float]
    let bias: [Float]
    let activation: Activation
    let slope: Float
    /// One a unit; empty where all have the same.
    let unitSlopes: [Float]

    init(_ layer: FoldedNetwork.Layer) {
      let original = layer.original
      name = original.name
      rows = CRows(
        rows: original.outputs, columns: original.inputs, isLive: layer.weights.map { $0 != 0 },
        valueBytes: 4)
      weights = rows.indices.map { layer.weights[$0] }
      bias = layer.bias
      activation = original.activation
      slope = original.slope
      unitSlopes = activation == .prelu ? original.unitSlopes : []
    }

    /// Bytes of its constants.
    var bytes: Int { rows.bytes + 4 * (bias.count + unitSlopes.count) }
  }

  let facts: CFacts
  let layers: [Layer]
  let scratch: CScratch
  /// Rows of inputs with their outputs; those whose outputs are finite.
  let tests: [(inputs: [Float], outputs: [Float])]

  /// - Parameter rows: inputs of the program's test by itself.
  init(_ network: FoldedNetwork, _ facts: CFacts, rows: [[Float]]) {
    self.facts = facts
    let layers = network.layers.map { Layer($0) }
    self.layers = layers
    scratch = CScratch(widths: layers.dropLast().map { $0.rows.rows })
    tests = rows.map { ($0, Self.outputs(layers, for: $0)) }
      .filter { ($0.inputs + $0.outputs).allSatisfy(\.isFinite) }
  }

  /// What the program computes for `inputs`, to the bit.
  static func outputs(_ layers: [Layer], for inputs: [Float]) -> [Float] {
    layers.reduce(inputs) { x, layer in
      var sums = [Float](repeating: 0, count: layer.rows.rows)
      // Stored values lie row by row; one of 0 adds nothing.
      for (index, weight) in zip(layer.rows.indices, layer.weights) {
        let (row, column) = index.quotientAndRemainder(dividingBy: layer.rows.columns)
        sums[row] += weight * x[column]
      }
      return sums.indices.map { row in
        CArithmetic.value(
          layer.activation, sums[row] + layer.bias[row],
          slope: layer.unitSlopes.isEmpty ? layer.slope : layer.unitSlopes[row])
      }
    }
  }

  // MARK: Text

  /// Multiplications with weights that are not 0.
  private var products: Int { layers.reduce(0) { $0 + $1.rows.live } }

  /// Bytes of constants.
  var bytes: Int { layers.reduce(0) { $0 + $1.bytes } }

  /// The header.
  var header: String {
    var sizes = [
      (name: "INPUTS", value: String(facts.inputs), what: "Numbers that the network takes."),
      ("OUTPUTS", String(facts.outputs), "Numbers that the network gives."),
      ("SCRATCH", String(scratch.size), "Floats of working memory."),
    ]
    if !facts.classes.isEmpty {
      sizes.append(("CLASSES", String(facts.classes.count), "Classes that it tells apart."))
    }
    var functions = """
      /*
       * Computes $OUTPUTS outputs for $INPUTS inputs, both in the units of the data that the network
       * was trained on\(facts.classes.isEmpty ? "" : "; outputs are logits"). The working memory is the caller's, $SCRATCH floats; none of
       * the three may overlap.
       */
      void @run(const float *inputs, float *outputs, float *scratch);


      """
    if !facts.classes.isEmpty {
      functions += """
        /* The number of the class that outputs stand for, from 0. */
        int @argmax(const float *outputs);


        """
    }
    return facts.headerText("A fully-connected network", sizes: sizes, functions: functions)
  }

  /// The source.
  var source: String {
    var text = facts.comment(description)
    text += facts.inclusion + "#include <float.h>\n#include <stddef.h>\n"
    if layers.contains(where: { CFunctions.needsExponential($0.activation) }) {
      text += "#include <string.h>\n"
    }
    text += "\n" + CFunctions.exactness + "\n"
    text += facts.weights.map { "#include \"\($0)\"\n\n" } ?? arrays
    text += facts.classTable + facts.named(functions) + run
    return text + facts.argmax("argmax", "float", zero: "0.0f") + selfTest
  }

  /// The file of the weights.
  var weights: String { facts.weightsText(arrays) }

  private var description: [String] {
    facts.description(
      numbers: "float", layers: layers.map { ($0.name, $0.activation, $0.rows, $0.bytes) },
      constants: bytes, scratch: 4 * scratch.size, products: products)
  }

  private var arrays: String {
    layers.map { layer in
      let name = facts.named("@\(layer.name)")
      var text = CText.array("float", "\(name)_weights", layer.weights.map(CText.float))
      text += layer.rows.arrays(name)
      text += CText.array("float", "\(name)_bias", layer.bias.map(CText.float))
      if !layer.unitSlopes.isEmpty {
        text += CText.array("float", "\(name)_slopes", layer.unitSlopes.map(CText.float))
      }
      return text + "\n"
    }.joined()
  }

  /// Those that the layers use, each once.
  private var functions: String {
    var texts: [String] = []
    func use(_ text: String?) {
      if let text, !texts.contains(text) { texts.append(text) }
    }
    let uses = layers.map { CFunctions.uses($0.activation) }
    if uses.contains(where: \.exponential) { use(CFunctions.exponential) }
    if uses.contains(where: \.sigmoid) { use(CFunctions.sigmoid) }
    for layer in layers { use(CFunctions.scalar(layer.activation)) }
    for layer in layers { use(CFunctions.rows(layer.rows.form)) }
    for layer in layers {
      use(CFunctions.loop(layer.activation, unitSlopes: !layer.unitSlopes.isEmpty))
    }
    return texts.map { $0 + "\n" }.joined()
  }

  private var run: String {
    var lines = ["void @run(const float *inputs, float *outputs, float *scratch)", "{"]
    if layers.count == 1 { lines.append("    (void)scratch;") }
    var x = "inputs"
    for (index, layer) in layers.enumerated() {
      let target = index == layers.count - 1 ? "outputs" : scratch.place(index)
      lines.append("    " + layer.rows.call(layer.name, x, target))
      if layer.activation != .identity {
        let hasSlopes = !layer.unitSlopes.isEmpty
        let loop = CFunctions.loopName(layer.activation, unitSlopes: hasSlopes)
        var more = ""
        if layer.activation == .leakyRelu || layer.activation == .prelu {
          more = hasSlopes ? ", @\(layer.name)_slopes" : ", \(CText.float(layer.slope))"
        }
        lines.append("    @\(loop)(\(target), \(layer.rows.rows)\(more));")
      }
      x = target
    }
    return facts.named(lines.joined(separator: "\n") + "\n}\n\n")
  }

  private var selfTest: String {
    CSelfTest(
      type: "float", scratch: "float",
      rows: tests.map { ($0.inputs, $0.outputs.map(CText.float)) }
    ).text(facts)
  }
}
