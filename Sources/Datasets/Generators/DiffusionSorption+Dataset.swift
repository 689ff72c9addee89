import NeuralNetworks
import NumericCore

extension DiffusionSorption {
  /// The two parameters and the start of one sample.
  package struct Parameters: Sendable, Equatable {
    /// D, within `spread` of PDEBench's.
    package let diffusion: Double
    /// k, likewise.
    package let freundlich: Double
    /// u0, in (0, 0.2).
    package let initial: Double
  }

  /// Half the width of the parameters' distribution, relative to PDEBench's values. The EC paper
  /// (arXiv 2602.20467) takes two parameters as inputs and does not say which, nor how they vary: D
  /// and k by ±20 % are a choice of this program.
  package static let spread = 0.2
  /// The largest u0.
  private static let largestInitial = 0.2
  /// Volumes that one point stands for; odd, so that the point is the centre of one of them.
  static let refinement = 3

  /// The parameters of sample `index`: three draws of the stream (seed, purpose, index).
  package func parameters(ofSample index: Int) -> Parameters {
    var generator = Philox(seed: seed, purpose: .generatorParameters, index: UInt64(index))
    func varied(_ usual: Double, _ draw: Double) -> Double {
      usual * (1 + Self.spread * (2 * draw - 1))
    }
    let draws = (0..<3).map { _ in generator.nextUnit() }
    return Parameters(
      diffusion: varied(SorptionEquation.usualDiffusion, draws[0]),
      freundlich: varied(SorptionEquation.usualFreundlich, draws[1]),
      // A draw can be 0, where R is infinite: half a step of the draws above it.
      initial: Self.largestInitial * (draws[2] + 0x1p-54))
  }

  /// Time `index` from 0, above 0.
  func time(_ index: Int) -> Double {
    SorptionEquation.duration * Double(index + 1) / Double(times)
  }

  /// The solutions without noise, [samples · times, points].
  ///
  /// - Parameter isInterrupted: whether somebody has asked to stop, asked before each sample; all from there on are left
  ///   0 then, and must not be used.
  package func solutions(isInterrupted: () -> Bool = { false }) -> Matrix {
    var solutions = Matrix(rows: samples * times, columns: points)
    for sample in 0..<samples {
      if isInterrupted() { break }
      let parameters = parameters(ofSample: sample)
      var solver = SorptionSolver(
        SorptionEquation(diffusion: parameters.diffusion, freundlich: parameters.freundlich),
        initial: parameters.initial, count: points * Self.refinement)
      for index in 0..<times {
        solver.advance(to: time(index))
        for point in 0..<points {
          let centre = Self.refinement * point + Self.refinement / 2
          solutions[sample * times + index, point] = Float(solver.values[centre])
        }
      }
    }
    return solutions
  }

  /// All rows, from the solutions [samples · times, points].
  ///
  /// Noise is added to every output, those of validation and test included: row r gets the first draw
  /// of the stream (seed, purpose, r).
  package func dataset(solutions: Matrix) -> Dataset {
    precondition(solutions.rows == samples * times && solutions.columns == points)
    var inputs = Matrix(rows: rows, columns: self.inputs)
    var outputs = Matrix(rows: rows, columns: 1)
    let width = self.inputs
    inputs.withMutableSpan { inputs in
      var start = 0
      for sample in 0..<samples {
        let parameters = parameters(ofSample: sample)
        for index in 0..<times {
          for point in 0..<points {
            inputs[start] = Float(parameters.diffusion)
            inputs[start + 1] = Float(parameters.freundlich)
            inputs[start + 2] = Float(time(index))
            inputs[start + 3] = Float((Double(point) + 0.5) / Double(points))
            for column in 4..<width { inputs[start + column] = Float(parameters.initial) }
            start += width
          }
        }
      }
    }
    outputs.withMutableSpan { outputs in
      solutions.withSpan { solutions in
        for row in 0..<rows {
          var value = Double(solutions[row])
          if noise > 0 {
            var generator = Philox(seed: seed, purpose: .generatorNoise, index: UInt64(row))
            value += noise * (2 * generator.nextUnit() - 1)
          }
          outputs[row] = Float(value)
        }
      }
    }
    let names = ["D", "k", "t", "x"] + (0..<points).map { "u0_\($0)" }
    return Dataset(
      inputs: .float32(inputs), targets: .values(.float32(outputs)), source: "diffusion_sorption",
      featureNames: names, rowsPerGroup: rowsPerSample,
      interface: ModelInterface(
        inputs: names.enumerated().map { ModelInterface.Input(name: $1, position: $0) },
        targets: [ModelInterface.Column(name: "u", position: names.count)]))
  }
}
