import Engine
import NeuralNetworks
import Storage

/// What every C program says of the model that it is made from.
struct CFacts {
  /// What all names begin with.
  let name: CName
  /// Names of the source's, the header's and, where weights have a file of their own, the weights' file.
  let source: String
  let header: String
  let weights: String?
  let inputs: Int
  let outputs: Int
  /// Empty for a regression and where nothing is known.
  let classes: [String]
  let origin: ModelOrigin?
  /// How good the network is, in lines.
  private let quality: [String]
  /// What each input is; empty where the model does not know it.
  private let inputNames: [String]
  /// The columns that outputs are where these are numbers of a table; empty for classes, which have names of
  /// their own.
  private let targets: [ModelInterface.Column]

  /// - Throws: `ModelFileError.unsupported` where the names cannot be written into sources.
  init(_ export: ModelExport, at path: String) throws(ModelFileError) {
    if let prefix = export.options.prefix {
      guard let stated = CName(stated: prefix) else {
        throw .unsupported(
          "'\(prefix.showingInvisible)' cannot begin the names of a C source; give a letter, then up to 39 letters, digits "
            + "and single underscores")
      }
      name = stated
    } else {
      name = CName(file: path)
    }
    let files = [path] + CFormat().companions(of: path, export.options)
    let names = files.map(FilePaths.name(of:))
    if let obstacle = Self.obstacle(toName: names[0]) { throw .unsupported(obstacle) }
    (source, header, weights) = (names[0], names[1], names.dropFirst(2).first)
    let network = export.state.network
    (inputs, outputs) = (network.inputs, network.outputs)
    classes = export.classes ?? []
    if let long = classes.first(where: { $0.utf8.count > Self.longestString }) {
      throw .unsupported(
        "the class '\(long.prefix(20).description.showingInvisible)…' has a name of \(long.utf8.count) bytes, and C knows texts of "
          + "\(Self.longestString)")
    }
    origin = export.origin
    quality = Self.quality(of: export)
    inputNames = Self.names(of: export.state.interface)
    targets = classes.isEmpty ? export.state.interface?.targets ?? [] : []
  }

  /// Why no source can be called `name`; nil where one can.
  static func obstacle(toName name: String) -> String? {
    let isPlain = name.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
    if isPlain, !name.contains(where: { "\"\\?*<>".contains($0) }) { return nil }
    return
      "a C source names its header, and \(name.showingInvisible) makes no such name; choose one of letters and "
      + "digits"
  }

  /// What was found of the float network when it was stored, and of the one in bytes now.
  private static func quality(of export: ModelExport) -> [String] {
    let stored = export.origin?.quality
    if export.quantized == nil { return stored.map { [$0] } ?? [] }
    return export.quantizedQuality + (stored.map { ["float, when it was stored: \($0)"] } ?? [])
  }

  /// A line for each input of a table with names: its column, for a column of text the level that makes it
  /// 1, else 0, and what stands for a missing value.
  private static func names(of interface: ModelInterface?) -> [String] {
    guard let columns = interface?.inputs, columns.contains(where: { $0.name != nil }) else {
      return []
    }
    let lines = columns.flatMap { column -> [String] in
      let name = column.name ?? "column \(column.position)"
      switch column.kind {
      case .number(let fill): return [name + (fill.map { ", \($0) where it is missing" } ?? "")]
      case .category(let levels, _): return levels.map { "1 where \(name) is '\($0)', else 0" }
      }
    }
    return lines.enumerated().map { "  \($0.offset): \($0.element)" }
  }

  /// A line for each target of a table with names: its column.
  private var outputNames: [String] {
    guard targets.contains(where: { $0.name != nil }) else { return [] }
    return targets.enumerated().map { "  \($0): \($1.name ?? "column \($1.position)")" }
  }

  /// Bytes of a text that every C99 compiler takes.
  private static let longestString = 4_095

  /// `text` with what all names begin with, for each `@`, and the same in capitals, for each `$`.
  func named(_ text: String) -> String {
    text.replacing("@", with: name.text + "_").replacing("$", with: name.macro + "_")
  }

  /// The comment at the top of the source: `lines` between who wrote it and where the model comes from.
  func comment(_ lines: [String]) -> String {
    var all = ["\(source), written by ecpipe \(ProgramVersion.current). Do not edit it.", ""]
    all += lines
    for (index, line) in quality.enumerated() {
      all.append((index == 0 ? "At export   " : "            ") + line)
    }
    if let origin { all.append("Made from   a model with the SHA-256 \(origin.sha256)") }
    return CText.comment(all)
  }

  /// What the comment at the top says of the network and of what it takes.
  /// - Parameters:
  ///   - numbers: what is computed with: "float" or "bytes".
  ///   - layers: each with its rows, and the bytes of its constants.
  ///   - constants: bytes of all of them.
  ///   - scratch: bytes of working memory.
  ///   - products: multiply-adds of a sample.
  func description(
    numbers: String, layers: [(name: String, activation: Activation, rows: CRows, bytes: Int)],
    constants: Int, scratch: Int, products: Int
  ) -> [String] {
    ["\(inputs) inputs, \(outputs) outputs, \(numbers). Layers:"]
      + layers.map { layer in
        let rows = layer.rows
        return "  \(layer.name): \(rows.columns) to \(rows.rows), \(layer.activation.rawValue), "
          + "\(rows.live) of \(rows.rows * rows.columns) weights, \(rows.form.words), \(layer.bytes) bytes"
      } + [
        "", "Flash       \(constants) bytes of constants, and the code",
        "RAM         \(scratch) bytes of working memory; the caller has \(4 * inputs) of inputs and "
          + "\(4 * outputs) of outputs",
        "Multiply-adds \(products)",
      ]
  }

  /// The file of the weights, which are `arrays`.
  func weightsText(_ arrays: String) -> String {
    Self.weightsComment(of: source)
      + tagCheck(of: weights ?? source) + "#include <stdint.h>\n\n" + arrays
  }

  /// How the file of the weights of `source` begins.
  static func weightsComment(of source: String) -> String {
    CText.comment(["The weights of \(source), which alone reads this file."])
  }

  /// What reads the header in the source.
  var inclusion: String { "#include \"\(header)\"\n" + tagCheck(of: source) }

  /// Lines that stop a compiler which has read the header of another export.
  private func tagCheck(of file: String) -> String {
    named("#if $EXPORT != ") + CTag.placeholder
      + "\n#error \"\(file) and \(header) are of different exports; export the network again\"\n#endif\n\n"
  }

  /// The header: sizes, functions, classes, and the test of the program by itself.
  /// - Parameters:
  ///   - sizes: macros, with their values and what they are.
  ///   - functions: declarations, each with a comment.
  func headerText(
    _ summary: String, sizes: [(name: String, value: String, what: String)], functions: String
  ) -> String {
    let guarding = "\(name.macro)_H"
    var lines = ["\(summary), written by ecpipe \(ProgramVersion.current)."]
    if !inputNames.isEmpty { lines += ["", "Inputs:"] + inputNames }
    if !outputNames.isEmpty { lines += ["", "Outputs:"] + outputNames }
    var text = CText.comment(lines)
    text += "#ifndef \(guarding)\n#define \(guarding)\n\n#include <stdint.h>\n\n"
    let tag = (
      name: "EXPORT", value: CTag.placeholder,
      what: "Tells files of this export from those of others."
    )
    for size in sizes + [tag] {
      text += "/* \(size.what) */\n#define \(name.macro)_\(size.name) \(size.value)\n"
    }
    text += outputMacros
    text += "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n" + named(functions)
    if !classes.isEmpty {
      text += named(
        "/* The names of the classes. */\nextern const char *const @classes[$CLASSES];\n\n")
    }
    text += named(
      """
      #ifdef $SELF_TEST
      /* How many outputs for rows that the source holds differ from what ecpipe computed; 0 is right. */
      int @self_test(void);
      #endif

      #ifdef __cplusplus
      }
      #endif

      #endif

      """)
    return text
  }

  /// A macro for the place of each target among the outputs; empty where not all have names, or these make no
  /// different ones.
  private var outputMacros: String {
    let words = targets.compactMap(\.name).map { CName(file: $0).macro }
    guard words.count > 1, words.count == targets.count, Set(words).count == words.count else {
      return ""
    }
    return "/* Which output is which target. */\n"
      + words.enumerated().map { "#define \(name.macro)_OUTPUT_\($0.element) \($0.offset)\n" }
      .joined()
  }

  /// The table of classes; empty without any.
  var classTable: String {
    if classes.isEmpty { return "" }
    return named("const char *const @classes[$CLASSES] = {\n")
      + classes.map { "    \(CText.string($0))" }.joined(separator: ",\n") + "\n};\n\n"
  }

  /// The function that chooses a class by outputs of `type`, of which `zero` is that of the value 0; empty
  /// for no classifier.
  func argmax(_ function: String, _ type: String, zero: String) -> String {
    if classes.isEmpty { return "" }
    let body =
      outputs == 1
      ? """
          return outputs[0] > \(zero) ? 1 : 0;
      """
      : """
          int best = 0;
          for (int output = 1; output < $OUTPUTS; output++) {
              if (outputs[output] > outputs[best]) {
                  best = output;
              }
          }
          return best;
      """
    return named("int @\(function)(const \(type) *outputs)\n{\n\(body)\n}\n\n")
  }
}
