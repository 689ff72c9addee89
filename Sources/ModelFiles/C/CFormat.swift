import NeuralNetworks
import Storage

/// Networks as C99 sources, which are C++ as well: constant weights, no allocation, no recursion, and
/// nothing of a library.
///
/// `net.c` comes with `net.h`, and on request with `net_weights.h`, which has the weights and is read by
/// the source alone. Files of different exports do not compile together (`CTag`).
package struct CFormat: ModelFormat {
  package let name = "C99 sources of a function without dependencies"
  package var suffix: String? { "c" }
  package var isRead: Bool { false }

  /// The format.
  package init() {}

  package var options: Set<ExportOption> { [.int8, .maxDrop, .separateWeights, .prefix] }

  /// Every number becomes a text of its own, and these one; measured.
  package func writingBytes(of network: Network) -> Double {
    12 * Double(network.weightCount) + 126 * Double(network.remaining)
  }

  package func companions(of path: String, _ options: ExportOptions) -> [String] {
    let stem = path.hasSuffix(".c") ? String(path.dropLast(2)) : path
    return [stem + ".h"] + (options.separateWeights ? [stem + "_weights.h"] : [])
  }

  /// The weights apart of an earlier export, known by how they begin.
  package func leftovers(beside files: [ExportedFile]) -> [String] {
    var apart = ExportOptions()
    apart.separateWeights = true
    guard let source = files.first?.path, let weights = companions(of: source, apart).last,
      !files.contains(where: { $0.path == weights }),
      let file = try? OpenFile(weights), let start = try? file.bytes(0..<min(256, file.size)),
      start.starts(with: CFacts.weightsComment(of: FilePaths.name(of: source)).utf8)
    else { return [] }
    return [weights]
  }

  package func obstacle(toName path: String) -> String? {
    CFacts.obstacle(toName: FilePaths.name(of: path))
  }

  package func files(of export: ModelExport, at path: String) throws(ModelFileError)
    -> [ExportedFile]
  {
    let facts = try CFacts(export, at: path)
    let rows = CSampleRows(export.state).rows
    let texts: [String]
    if let network = export.quantized {
      let program = CQuantizedProgram(network, facts, rows: rows)
      texts = [program.source, program.header, program.weights]
    } else {
      let network: FoldedNetwork
      do {
        network = try FoldedNetwork(export.state)
      } catch {
        throw .unsupported("\(error)")
      }
      let program = CProgram(network, facts, rows: rows)
      texts = [program.source, program.header, program.weights]
    }
    // The last is only written where it has a file of its own.
    let paths = [path] + companions(of: path, export.options)
    let files = CTag.tied(Array(texts.prefix(paths.count)))
    return zip(paths, files).map { ExportedFile(path: $0, bytes: $1) }
  }
}
