import Storage

/// Files that hold something other than a model that can be read, known by their first bytes, so that they
/// are not taken for damaged ones.
enum ForeignFile: Equatable {
  /// What `torch.save` writes, which can run any code when it is loaded: a dictionary, or a module itself.
  case pickle(isModule: Bool)
  /// What `torch.jit.save` writes.
  case torchScript
  /// Keras, or anything else in HDF5.
  case hdf5
  /// Arrays of NumPy.
  case numPy
  /// Text, such as a schedule or a table.
  case text

  /// What the content of the file at `path` is; nil where nothing tells.
  init?(_ bytes: [UInt8], path: String) {
    if bytes.starts(with: [0x50, 0x4b, 3, 4]) {
      guard let kind = Self.zip(bytes) else { return nil }
      self = kind
    } else if Self.isPickle(bytes) {
      self = .pickle(isModule: Self.holdsModule(bytes))
    } else if bytes.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .hdf5
    } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .numPy
    } else if bytes.count >= Self.textLength, Self.isText(bytes.prefix(Self.textLength)) {
      self = .text
    } else {
      return nil
    }
  }

  /// Printable bytes that are no length of a header any more.
  private static let textLength = 12

  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
  }

  /// Whether `bytes` begin as a pickle of protocol 2 to 5 does. The length of a header can begin so, but its
  /// third byte is no instruction then.
  private static func isPickle(_ bytes: [UInt8]) -> Bool {
    let instructions = [0x8a, 0x95, 0x8c] + Array("}](c".utf8)
    return bytes.count > 8 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
      && instructions.contains(bytes[2])
  }

  /// Whether a pickle, which PyTorch does not compress, names modules of PyTorch.
  private static func holdsModule(_ bytes: [UInt8]) -> Bool {
    let name = Array("torch.nn.modules".utf8)
    let start = bytes.prefix(1 << 20)
    return start.indices.contains { start[$0] == name[0] && start[$0...].starts(with: name) }
  }

  /// What a ZIP archive holds, by the names in its table, which lies at its end.
  private static func zip(_ bytes: [UInt8]) -> ForeignFile? {
    func names(_ text: String) -> Bool { Self.names(text, in: bytes) }
    if names("/constants.pkl") { return .torchScript }
    if names("data.pkl") { return .pickle(isModule: holdsModule(bytes)) }
    if names(".weights.h5") { return .hdf5 }
    if names("weight.npy") || names("coefs_0.npy") { return nil }
    // One that is cut may have had weights.
    return names(".npy") && (try? ZipArchive(bytes, file: "")) != nil ? .numPy : nil
  }

  /// Whether `text` stands where a ZIP archive has names: at its beginning, or in the table at its end.
  static func names(_ text: String, in bytes: [UInt8]) -> Bool {
    let wanted = Array(text.utf8)
    return [bytes.prefix(4096), bytes.suffix(1 << 16)].contains { part in
      part.indices.contains { part[$0...].starts(with: wanted) }
    }
  }

  /// What it is and what to do, as a clause that goes on from the name of the file at `path`.
  func advice(path: String) -> String {
    let name = FilePaths.name(of: path)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    func line(_ load: String, before: String = "") -> String {
      "python3 -c 'import torch; from safetensors.torch import save_file; \(before)"
        + "save_file(\(load), \"\(stem).safetensors\")'"
    }
    return switch self {
    case .pickle(isModule: false):
      // The state dict itself, or the first of the values of a dictionary that is one.
      "this is a pickle of PyTorch (torch.save), which can run any code and is not read; save the "
        + "state dict instead: "
        + line(
          "next(v for v in [d, *d.values()] if isinstance(v, dict) and v and all(map(torch.is_tensor, "
            + "v.values())))",
          before: "d = torch.load(\"\(name)\", map_location=\"cpu\", weights_only=True); ")
    case .pickle(isModule: true):
      "this is a pickle of a whole module of PyTorch (torch.save), which can run any code and is not "
        + "read; save its state dict instead, where the module's class can be imported, and only if you "
        + "trust the file, whose code runs then: "
        + line(
          "torch.load(\"\(name)\", map_location=\"cpu\", weights_only=False).state_dict()")
    case .torchScript:
      "this is a TorchScript archive, which is not read; save its state dict instead: "
        + line("torch.jit.load(\"\(name)\").state_dict()")
    case .hdf5:
      "this is an HDF5 file, as Keras writes it, which is not read; save the weights as the state dict "
        + "of an nn.Sequential in a safetensors file: 0.weight [out, in] is a kernel transposed"
    case .numPy:
      "this is a file of NumPy arrays without weights, no model; name a model first and data with --data, "
        + "or save weights as a state dict calls them (0.weight [out, in], 0.bias, …) with numpy.savez"
    case .text:
      "this is text, no model; name \(ModelFormats.names)"
    }
  }
}
