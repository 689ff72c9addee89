import Engine

/// A network in bytes as a C program.
struct CQuantizedProgram {
  let facts: CFacts
  let network: QuantizedNetwork
  let scratch: CScratch
  /// Raw inputs with the bytes of their outputs.
  let tests: [(inputs: [Float], outputs: [Int8])]

  /// - Parameter rows: inputs of the program's test by itself.
  init(_ network: QuantizedNetwork, _ facts: CFacts, rows: [[Float]]) {
    self.facts = facts
    self.network = network
    // Inputs and outputs in bytes lie in the working memory, too, where the caller has floats.
    scratch = CScratch(widths: [facts.inputs] + network.layers.map(\.rows.rows))
    tests = rows.filter { $0.allSatisfy(\.isFinite) }
      .map { ($0, network.outputs(network.quantized($0))) }
  }

  private var layers: [QuantizedLayer] { network.layers }
  private var columnScales: Bool { network.entry.scales.count > 1 }
  private var outputScales: Bool { !network.exit.shifts.isEmpty }

  /// Bytes of constants.
  var bytes: Int {
    let entry = columnScales ? 8 * facts.inputs : 0
    return layers.reduce(entry + (outputScales ? 8 * facts.outputs : 0)) { $0 + $1.byteCount }
  }

  /// The header.
  var header: String {
    var sizes = [
      (name: "INPUTS", value: String(facts.inputs), what: "Numbers that the network takes."),
      ("OUTPUTS", String(facts.outputs), "Numbers that the network gives."),
      ("SCRATCH", String(scratch.size), "Bytes of working memory."),
    ]
    if !facts.classes.isEmpty {
      sizes.append(("CLASSES", String(facts.classes.count), "Classes that it tells apart."))
    }
    let exit = network.exit
    if !outputScales {
      sizes.append(
        ("OUTPUT_SCALE", CText.float(exit.scales[0]), "What 1 of a byte of the outputs stands for.")
      )
    }
    sizes.append(("OUTPUT_ZERO", "(\(exit.zero))", "The byte of the outputs that stands for 0."))
    var functions = """
      /*
       * Computes $OUTPUTS outputs for $INPUTS inputs, both in the units of the data that the network
       * was trained on\(facts.classes.isEmpty ? "" : "; outputs are logits"). The working memory is the caller's, $SCRATCH bytes; none of
       * the three may overlap.
       */
      void @run(const float *inputs, float *outputs, int8_t *scratch);

      /* The same in bytes. */
      void @run_int8(const int8_t *inputs, int8_t *outputs, int8_t *scratch);

      /* The bytes for $INPUTS inputs. */
      void @quantize(const float *inputs, int8_t *bytes);

      /* The values of $OUTPUTS outputs. */
      void @dequantize(const int8_t *bytes, float *outputs);


      """
    if !facts.classes.isEmpty {
      functions += """
        /* The number of the class that outputs stand for, from 0. */
        int @argmax(const float *outputs);
        int @argmax_int8(const int8_t *outputs);


        """
    }
    return facts.headerText(
      "A fully-connected network in bytes", sizes: sizes, functions: functions)
  }

  /// The source.
  var source: String {
    var text = facts.comment(description)
    text += facts.inclusion + "#include <float.h>\n#include <stddef.h>\n\n"
    text += CFunctions.exactness + "\n"
    text += facts.weights.map { "#include \"\($0)\"\n\n" } ?? arrays
    text += facts.classTable + facts.named(functions) + entry + exit + run
    text += facts.argmax("argmax", "float", zero: "0.0f")
    text += facts.argmax("argmax_int8", "int8_t", zero: "$OUTPUT_ZERO")
    return text + selfTest
  }

  /// The file of the weights.
  var weights: String { facts.weightsText(arrays) }

  private var description: [String] {
    facts.description(
      numbers: "bytes", layers: layers.map { ($0.name, $0.activation, $0.rows, $0.byteCount) },
      constants: bytes, scratch: scratch.size, products: network.products)
  }

  private var arrays: String {
    var text = layers.map { layer in
      let name = facts.named("@\(layer.name)")
      var text = CText.array("int8_t", "\(name)_weights", layer.weights.map { String($0) })
      text += layer.rows.arrays(name)
      text += CText.array("int32_t", "\(name)_bias", layer.bias.map(CText.int32))
      text += CText.array("int32_t", "\(name)_multipliers", layer.multipliers.map(CText.int32))
      if !layer.below.isEmpty {
        text += CText.array("int32_t", "\(name)_below", layer.below.map(CText.int32))
      }
      if !layer.table.isEmpty {
        text += CText.array("int8_t", "\(name)_table", layer.table.map { String($0) })
      }
      return text + "\n"
    }.joined()
    func floats(_ name: String, _ values: [Float]) {
      text += CText.array("float", facts.named("@\(name)"), values.map(CText.float))
    }
    if columnScales {
      floats("entry_scales", network.entry.scales)
      floats("entry_shifts", network.entry.shifts)
    }
    if outputScales {
      floats("exit_scales", network.exit.scales)
      floats("exit_shifts", network.exit.shifts)
    }
    return text + (columnScales || outputScales ? "\n" : "")
  }

  private var functions: String {
    var texts = [CQuantizedFunctions.byte]
    func use(_ text: String) { if !texts.contains(text) { texts.append(text) } }
    for layer in layers {
      use(CQuantizedFunctions.rows(layer.rows.form, slopes: !layer.below.isEmpty))
    }
    if layers.contains(where: { !$0.table.isEmpty }) { use(CQuantizedFunctions.table) }
    return texts.map { $0 + "\n" }.joined()
  }

  private var entry: String {
    let (scale, shift) =
      columnScales
      ? ("@entry_scales[i]", "@entry_shifts[i]")
      : (CText.float(network.entry.scales[0]), CText.float(network.entry.shifts[0]))
    return facts.named(
      """
      void @quantize(const float *inputs, int8_t *bytes)
      {
          for (size_t i = 0; i < $INPUTS; i++) {
              float value = inputs[i] * \(scale);
              value = value + \(shift);
              value = value + (value < 0.0f ? -0.5f : 0.5f);
              value = value > -128.0f ? value : -128.0f;
              bytes[i] = (int8_t)(value < 127.0f ? value : 127.0f);
          }
      }


      """)
  }

  private var exit: String {
    let (scale, shift) =
      outputScales ? ("@exit_scales[i]", " + @exit_shifts[i]") : ("$OUTPUT_SCALE", "")
    return facts.named(
      """
      void @dequantize(const int8_t *bytes, float *outputs)
      {
          for (size_t i = 0; i < $OUTPUTS; i++) {
              const float value = (float)(bytes[i] - $OUTPUT_ZERO) * \(scale);
              outputs[i] = value\(shift);
          }
      }


      """)
  }

  private var run: String {
    var lines = ["void @run_int8(const int8_t *inputs, int8_t *outputs, int8_t *scratch)", "{"]
    if layers.count == 1 { lines.append("    (void)scratch;") }
    var x = "inputs"
    for (index, layer) in layers.enumerated() {
      let target = index == layers.count - 1 ? "outputs" : scratch.place(index + 1)
      let (places, sizes) = layer.rows.arguments(layer.name)
      let slopes = !layer.below.isEmpty
      let name = "@\(layer.name)"
      lines.append(
        "    @\(CQuantizedFunctions.call(layer.rows.form, slopes: slopes))(\(name)_weights, \(places)\(name)_bias, "
          + "\(name)_multipliers, \(slopes ? "\(name)_below, " : "")\(sizes), \(layer.shift), "
          + "\(layer.sums.zero), \(layer.least), \(x), \(target));")
      if !layer.table.isEmpty {
        lines.append("    @look_up(\(name)_table, \(layer.rows.rows), \(target));")
      }
      x = target
    }
    let last = scratch.place(layers.count)
    lines += [
      "}", "", "void @run(const float *inputs, float *outputs, int8_t *scratch)", "{",
      "    @quantize(inputs, scratch);", "    @run_int8(scratch, \(last), scratch);",
      "    @dequantize(\(last), outputs);", "}", "",
    ]
    return facts.named(lines.joined(separator: "\n") + "\n")
  }

  private var selfTest: String {
    CSelfTest(
      type: "int8_t", scratch: "int8_t",
      rows: tests.map { ($0.inputs, $0.outputs.map { String($0) }) },
      statement:
        """
        int8_t bytes[$INPUTS];
                @quantize(inputs[row], bytes);
                @run_int8(bytes, outputs, scratch);
        """
    ).text(facts)
  }
}
