import Datasets
import NumericCore
import Storage
import Testing

@Suite("Diffusion–sorption data")
struct DiffusionSorptionTests {
  private let small = DiffusionSorption(times: 2, points: 4, samples: 3, seed: 5)

  @Test("unless stated, the experiment of the paper")
  func standard() {
    let standard = DiffusionSorption()
    #expect(standard.rows == 64_000 && standard.inputs == 68 && standard.rowsPerSample == 640)
    #expect(standard.noise == 0 && standard.seed == 0)
  }

  @Test("rows are samples, then times, then points")
  func layout() {
    let data = small.dataset(solutions: small.solutions())
    #expect(data.rows == 24 && data.inputs.columns == 8 && data.rowsPerGroup == 8)
    #expect(data.featureNames == ["D", "k", "t", "x", "u0_0", "u0_1", "u0_2", "u0_3"])
    #expect(data.interface?.inputs.map(\.name) == data.featureNames)
    #expect(data.interface?.targets.map(\.name) == ["u"])
    for sample in 0..<3 {
      let parameters = small.parameters(ofSample: sample)
      for time in 0..<2 {
        for point in 0..<4 {
          let row = data.inputs.rounded.row(sample * 8 + time * 4 + point)
          #expect(
            row == [
              Float(parameters.diffusion), Float(parameters.freundlich), Float(250 * (time + 1)),
              Float(point) / 4 + 0.125,
            ] + Array(repeating: Float(parameters.initial), count: 4))
        }
      }
    }
  }

  @Test("outputs are the solution at the point's centre")
  func outputs() {
    let solutions = small.solutions()
    guard case .values(let values) = small.dataset(solutions: solutions).targets else {
      Issue.record("a regression")
      return
    }
    let parameters = small.parameters(ofSample: 1)
    var solver = SorptionSolver(
      SorptionEquation(diffusion: parameters.diffusion, freundlich: parameters.freundlich),
      initial: parameters.initial, count: 12)
    for time in 0..<2 {
      solver.advance(to: 250 * Double(time + 1))
      for point in 0..<4 {
        #expect(values[8 + 4 * time + point, 0] == Double(Float(solver.values[3 * point + 1])))
      }
    }
  }

  @Test("parameters vary by a fifth, u0 between 0 and 0.2, each sample by itself")
  func parameters() {
    let many = DiffusionSorption(samples: 2000)
    let all = (0..<2000).map(many.parameters(ofSample:))
    #expect(all.allSatisfy { abs($0.diffusion / 5e-4 - 1) < 0.2 })
    #expect(all.allSatisfy { abs($0.freundlich / 3.5e-4 - 1) < 0.2 })
    #expect(all.allSatisfy { $0.initial > 0 && $0.initial < 0.2 })
    // Uniform: the mean of 2,000 draws is within five of its deviations, 0.2 / √12 / √2000.
    let mean = all.reduce(0) { $0 + $1.initial } / 2000
    #expect(abs(mean - 0.1) < 0.0065)
    #expect(Set(all.map(\.diffusion)).count == 2000 && Set(all.map(\.freundlich)).count == 2000)
    #expect(
      DiffusionSorption(samples: 3).parameters(ofSample: 2) == many.parameters(ofSample: 2))
    #expect(
      DiffusionSorption(samples: 3, seed: 1).parameters(ofSample: 2)
        != many.parameters(ofSample: 2))
  }

  @Test("noise is uniform on every output, a function of seed and row, and moves nothing else")
  func noise() throws {
    let noisy = DiffusionSorption(times: 50, points: 10, samples: 4, noise: 0.01)
    // Any solutions will do.
    let solutions = Matrix(rows: 200, columns: 10, repeating: 0.5)
    let data = noisy.dataset(solutions: solutions)
    guard case .values(let values) = data.targets else {
      Issue.record("a regression")
      return
    }
    let noise = values.elements.map { Double($0) - 0.5 }
    #expect(noise.allSatisfy { abs($0) <= 0.01 + 1e-7 })
    let variance = noise.reduce(0) { $0 + $1 * $1 } / 2000
    // (2 · 0.01)² / 12, to five deviations of a mean of 2,000 squares.
    #expect(abs(variance / (0.01 * 0.01 / 3) - 1) < 0.1)
    #expect(Set(noise).count > 1900)
    #expect(noisy.dataset(solutions: solutions) == data)
    let quiet = DiffusionSorption(times: 50, points: 10, samples: 4)
    #expect(quiet.dataset(solutions: solutions).inputs == data.inputs)
    #expect(quiet.solutionSettings == noisy.solutionSettings)
    #expect(quiet.canonical != noisy.canonical)
  }

  @Test("a source of generated data has no files, and takes its solutions from where it is told")
  func source() throws {
    let source = DataSource.generated(.diffusionSorption(small))
    #expect(source.files.isEmpty)
    let kept = Matrix(rows: 6, columns: 4, repeating: 0.25)
    let data = try source.read(task: .regression, solutions: SolutionSource { _ in kept })
    #expect(data.targets == .values(.float32(Matrix(rows: 24, columns: 1, repeating: 0.25))))
  }
}
