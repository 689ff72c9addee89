import PrunedNetwork

/// Prints the outputs of a network for rows of numbers from standard input, and runs it again and again.
///
///     embedding MODEL REPETITIONS < rows.csv
@main
struct Embedding {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let repetitions = Int(arguments[2]) else {
      fatalError("usage: embedding MODEL REPETITIONS < rows.csv")
    }
    let network = try PrunedNetwork(contentsOf: arguments[1])
    let predictor = Predictor(network)
    var samples: [Float] = []
    while let line = readLine() {
      samples += line.split(separator: ",").compactMap { Float($0) }
    }
    let count = samples.count / network.inputCount
    var outputs = [Float](repeating: 0, count: count * network.outputCount)
    var first = [Float](repeating: 0, count: network.outputCount)
    for _ in 0..<repetitions {
      // All samples, then one alone: neither allocates.
      var all = outputs.mutableSpan
      predictor.predict(samples.span, into: &all)
      var one = first.mutableSpan
      predictor.predict(samples.span.extracting(first: network.inputCount), into: &one)
    }
    for row in 0..<count {
      print(
        outputs[(row * network.outputCount)..<((row + 1) * network.outputCount)]
          .map { "\($0)" }.joined(separator: ","))
    }
    print("classes", network.classes ?? [], predictor.classify(samples))
  }
}
