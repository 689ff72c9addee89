import Engine
import ModelFiles
import NeuralNetworks
import Storage

/// A trained, usually pruned, fully-connected network from a file, to be run by a `Predictor`.
///
///     let network = try PrunedNetwork(contentsOf: "checkpoints/digits/result.safetensors")
///     let predictor = Predictor(network)
///     let outputs = predictor.predict(inputs)      // raw inputs, row by row
///
/// The file is a checkpoint of `ecpipe`, or any other that `ecpipe` reads, such as a safetensors file
/// with the state dict of an `nn.Sequential`. What is known of the data comes along: the scaling of
/// inputs and targets, which a predictor applies, names, and classes.
public struct PrunedNetwork: Sendable {
  let state: ModelState
  /// Whether the file says what the outputs are.
  private let saysTask: Bool

  /// Reads the network in the file at `path`.
  ///
  /// Memory while it reads: twice the file, and 8 bytes a weight.
  /// - Parameters:
  ///   - path: of the file.
  ///   - activation: what follows the hidden layers, as a schedule names it (`relu`, `tanh`, …), of a
  ///     file that does not say it, as a plain state dict does not.
  /// - Throws: `LoadingError`.
  public init(contentsOf path: String, activation: String? = nil) throws(LoadingError) {
    let function: Activation?
    if let activation {
      guard let known = Activation(rawValue: activation) else {
        let names = Activation.allCases.map(\.rawValue).joined(separator: ", ")
        throw LoadingError(
          path, .unsupported, "no activation is called \(activation); there are \(names)")
      }
      function = known
    } else {
      function = nil
    }
    let bytes = try Self.content(of: path)
    do throws(ModelFileError) {
      let model = try ModelFormats.read(bytes, path: path, activation: function)
      (state, saysTask) = (model.state, model.saysTask)
    } catch .damaged(let reason) {
      throw LoadingError(path, .damaged, reason)
    } catch {
      throw LoadingError(path, .unsupported, "\(error)")
    }
  }

  private static func content(of path: String) throws(LoadingError) -> [UInt8] {
    let content: [UInt8]?
    do {
      content = try NamedFile(path).isStream ? nil : FilePaths.readIfThere(path)
    } catch {
      throw LoadingError(path, .unreadable, "\(error)")
    }
    guard let content else {
      throw LoadingError(path, .missing, "there is no such file")
    }
    return content
  }

  /// Numbers that the network takes a sample.
  public var inputCount: Int { state.network.inputs }
  /// Numbers that it gives a sample.
  public var outputCount: Int { state.network.outputs }
  /// Units of each layer, the inputs first.
  public var widths: [Int] { state.network.widths }
  /// Weights, pruned ones included; biases never count.
  public var weightCount: Int { state.network.weightCount }
  /// Weights that are not pruned.
  public var remainingWeightCount: Int { state.network.remaining }

  /// The classes in the order of the outputs; a network with one output tells two apart. Empty for a
  /// regression, and nil where the file does not say which of the two the network is.
  public var classes: [String]? { saysTask ? state.classes : nil }

  /// The names of the inputs, nil for one without; empty where the file does not say them. A column of
  /// text is one input a level, called `NAME=LEVEL`.
  public var inputNames: [String?] {
    (state.interface?.inputs ?? []).flatMap { input -> [String?] in
      guard case .category(let levels, _) = input.kind else { return [input.name] }
      return levels.map { level in input.name.map { "\($0)=\(level)" } }
    }
  }

  /// The names of the targets of a regression, nil for one without; empty where the file does not say
  /// them.
  public var targetNames: [String?] {
    state.classes.isEmpty ? (state.interface?.targets ?? []).map(\.name) : []
  }
}
