import Engine
import Glibc
import NeuralNetworks
import NumericCore
import Storage

/// The network that says the same of every row, whatever is in its columns: what can be said without having learnt
/// anything from them. Its biases are what the training part has in the mean; all its weights are 0.
package struct ConstantAnswer {
  /// What it says: "the class no in every row".
  package let words: String
  package let network: Network

  /// - Parameter loss: of the schedule.
  package init(_ data: RunData, loss: Loss) {
    let samples = data.training
    var bias: [Double]
    switch samples.targets {
    case .labels(let labels):
      // One output stands for two classes.
      var counts = Array(repeating: 0, count: max(2, data.classes.count))
      for row in samples.indices where counts.indices.contains(Int(labels[Int(row)])) {
        counts[Int(labels[Int(row)])] += 1
      }
      // The logits of the shares; a class without rows counts as half a row.
      bias = counts.map { log(max(Double($0), 0.5) / Double(max(1, samples.count))) }
      let largest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      let name =
        data.classes.indices.contains(largest) ? data.classes[largest] : String(largest)
      words = "the class \(name.showingInvisible) in every row"
    case .values(let values):
      bias = (0..<values.columns).map { column in
        samples.indices.reduce(0) { $0 + samples.value(of: $1, column) }
          / Double(max(1, samples.count))
      }
      if loss == .binaryCrossEntropy {
        bias = bias.map { share in
          let inside = min(max(share, 1e-6), 1 - 1e-6)
          return log(inside / (1 - inside))
        }
      }
      words = "the mean in every row"
    }
    let inputs = samples.inputs.columns
    network = Network(layers: [
      DenseLayer(
        name: Network.layerName(0, of: 1), weights: Matrix(rows: bias.count, columns: inputs),
        bias: bias.map { Float($0) }, activation: .identity)
    ])
  }
}
