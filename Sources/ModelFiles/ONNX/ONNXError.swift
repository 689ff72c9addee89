import Storage

/// Why an ONNX file is no fully-connected network that can be read, or cannot be written.
enum ONNXError: Error, Equatable {
  /// The file is not what was written.
  case damaged(String)
  /// More than is read.
  case tooLarge(String)
  /// The network does not fit into memory.
  case memory(MemoryLack)
  /// The file has no graph, or one that is no chain from one input to one output.
  case graph(String)
  /// A node that no fully-connected network has.
  case operation(ONNXNodeName)
  /// A node that a fully-connected network has, in a form that is not read.
  case node(ONNXNodeName, String)
  /// A tensor with other values than a layer's.
  case tensor(String, String)
  /// What `metadata_props["ecpipe"]` says is not what an export says, or not of these weights.
  case description(String)
  /// What is to be written fits in no ONNX file.
  case unwritable(String)
}

extension ONNXError {
  /// Makes sure that `bytes` can be had.
  static func demand(_ bytes: Double) throws(ONNXError) {
    do throws(MemoryLack) {
      try MemoryLack.refuse(bytes)
    } catch {
      throw .memory(error)
    }
  }
}

/// How messages call a node.
struct ONNXNodeName: Equatable, CustomStringConvertible {
  /// As the file has it; empty for none.
  let name: String
  /// The operator, with its domain where that is not ONNX's own.
  let type: String
  /// The first of its outputs.
  let output: String

  var description: String {
    name.isEmpty
      ? "a node (\(type.excerpt), which gives '\(output.excerpt)')"
      : "node '\(name.excerpt)' (\(type.excerpt))"
  }
}

extension ONNXError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of a file.
  var description: String {
    switch self {
    case .damaged(let problem): "the ONNX file is damaged: \(problem); copy or export it again"
    case .tooLarge(let problem): "\(problem); use a smaller network"
    case .memory(let lack): "reading it \(lack)"
    case .graph(let problem): problem
    case .operation(let node): "\(node) is no part of a fully-connected network; \(Self.supported)"
    case .node(let node, let problem): "\(node) \(problem)"
    case .tensor(let name, let problem): "tensor '\(name.excerpt)' \(problem)"
    case .description(let problem):
      "what the file says of itself in metadata_props[\"ecpipe\"] does not hold (\(problem)): its "
        + "weights were changed after it was written; remove that entry and read it as any other file"
    case .unwritable(let problem): problem
    }
  }

  /// What a file can hold.
  static let supported =
    "supported are Gemm, MatMul and Add, "
    + ONNXOperator.allCases.map(\.rawValue).filter { !["Gemm", "MatMul", "Add"].contains($0) }
    .joined(separator: ", ") + ", one behind another from one input to one output"
}

extension String {
  /// The start of a text from a file, for messages.
  var excerpt: String { String(showingInvisible.prefix(80)) }
}
