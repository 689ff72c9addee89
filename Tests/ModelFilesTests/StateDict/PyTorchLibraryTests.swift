import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import TestSupport
import Testing

/// The files as PyTorch 2 and the safetensors library read them. `ECPIPE_PYTHON` names a Python that
/// has torch, safetensors and zstandard; without it these tests are skipped.
@Suite(
  "Files in the hands of PyTorch",
  .enabled(
    if: ProcessInfo.processInfo.environment["ECPIPE_PYTHON"] != nil,
    "set ECPIPE_PYTHON to a Python with torch, safetensors and zstandard"))
struct PyTorchLibraryTests {
  private static let exported: (state: ModelState, raw: [Float]) = {
    var draws = Draws(seed: 21)
    let layers = [
      draws.layer("hidden1", inputs: 6, outputs: 9, .prelu, density: 0.4),
      draws.layer("hidden2", inputs: 9, outputs: 5, .leakyRelu),
      draws.layer("hidden3", inputs: 5, outputs: 5, .relu, density: 0.6),
      draws.layer("output", inputs: 5, outputs: 2, .identity),
    ]
    let state = ModelState(
      network: Network(layers: layers),
      inputScaling: AffineScaling(
        shift: draws.floats(6).map { 50 * Double($0) },
        scale: draws.floats(6).map { Double($0) + 2 }),
      targetScaling: AffineScaling(shift: [100, -3], scale: [0.5, 4]))
    return (state, draws.floats(6).map { 50 * $0 })
  }()

  private static let contents = fullContents()
  private static let checkpoint = Result { try encoded(contents) }

  /// What the script prints of the exported network and of the checkpoint: it begins once for both tests,
  /// because to load PyTorch takes longer than all the rest.
  private static let printed = Result {
    try python(
      """
      import json, sys, torch, zstandard
      from safetensors import safe_open
      from safetensors.torch import load_file
      nn = torch.nn

      def outputs(path):
          with safe_open(path, 'pt') as file:
              own = json.loads(file.metadata()['ecpipe'])
          weights = load_file(path)
          modules = {'relu': nn.ReLU, 'prelu': nn.PReLU, 'identity': nn.Identity}
          layers, index = [], 0
          for name, slope in zip(own['activations'], own['slopes']):
              outputs, inputs = weights[f'{index}.weight'].shape
              layers.append(nn.Linear(inputs, outputs))
              layers.append(nn.LeakyReLU(slope) if name == 'leaky_relu' else modules[name]())
              index += 2
          net = nn.Sequential(*layers)
          net.load_state_dict(weights, strict=True)
          print(*net(torch.tensor([\(exported.raw)]))[0].tolist())

      def listing(path):
          with safe_open(path, 'pt') as file:
              seal = json.loads(file.metadata()['ecpipe'])
              def content(name):
                  entry = file.get_tensor(name)
                  assert entry.dtype == torch.uint8
                  return zstandard.ZstdDecompressor().decompress(bytes(entry.tolist()))
              text = content('ecpipe')
              assert seal['format'] == 5 and seal['description']['bytes'] == len(text)
              own = json.loads(text)
              print('ecpipe')
              for name in file.keys():
                  if name == 'ecpipe': continue
                  entry = own['entries'][name]
                  size = {'F64': 8, 'F32': 4, 'U8': 1}.get(entry['dtype'])
                  count = 1
                  for length in entry['shape']: count *= length
                  assert size is None or len(content(name)) == size * count
                  print(name)
              bias = torch.tensor(list(content('output.bias')), dtype=torch.uint8)
              print(*bias.reshape(4, -1).T.contiguous().view(torch.float32).flatten().tolist())

      outputs(sys.argv[1])
      listing(sys.argv[2])
      """,
      [StateDictFormat().bytes(of: ModelExport(exported.state)), checkpoint.get()])
  }

  /// Runs `script` with the paths of `files` and returns the lines that it prints.
  private static func python(_ script: String, _ files: [[UInt8]]) throws -> [Substring] {
    let folder = try TemporaryFolder()
    for (index, bytes) in files.enumerated() {
      try folder.write(bytes, to: "\(index).safetensors")
    }
    let process = Process()
    let executable = try #require(ProcessInfo.processInfo.environment["ECPIPE_PYTHON"])
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["-c", script] + files.indices.map { folder.file("\($0).safetensors") }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return text.split(separator: "\n")
  }

  @Test("An exported network loads strictly and gives the raw outputs")
  func outputs() throws {
    let line = try #require(Self.printed.get().first)
    let outputs = line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let expected = forward(Self.exported.raw, Self.exported.state)
    #expect(outputs.count == 2)
    for (output, value) in zip(outputs, expected) {
      // Float32 sums of some dozen terms up to a few hundred.
      #expect(abs(output - value) < 1e-5 * max(100, abs(value)))
    }
  }

  @Test("A checkpoint is listed with all its entries as bytes, and any zstd library opens them")
  func listing() throws {
    var lines = try Self.printed.get().dropFirst()
    try #require(!lines.isEmpty)
    let bias = lines.removeLast().split(separator: " ").compactMap { Float($0) }
    #expect(bias == Self.contents.state.network.layers[1].bias)
    let file = try Self.checkpoint.get()
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    #expect(Set(lines.map(String.init)) == Set(header.tensors.map(\.name)))
  }

  /// The network's raw outputs for raw inputs, in Double.
  private func forward(_ raw: [Float], _ state: ModelState) -> [Double] {
    var values = raw.map(Double.init)
    if let scaling = state.inputScaling {
      values = values.indices.map {
        (values[$0] - Double(scaling.shift[$0])) * Double(scaling.scale[$0])
      }
    }
    for layer in state.network.layers {
      values = (0..<layer.outputs).map { row in
        let sum = values.indices.reduce(Double(layer.bias[row])) {
          $0 + Double(layer.weights[row, $1]) * values[$1]
        }
        switch layer.activation {
        case .relu: return max(sum, 0)
        case .prelu, .leakyRelu: return sum < 0 ? Double(layer.slope) * sum : sum
        default: return sum
        }
      }
    }
    if let scaling = state.targetScaling {
      values = values.indices.map {
        values[$0] / Double(scaling.scale[$0]) + Double(scaling.shift[$0])
      }
    }
    return values
  }
}
