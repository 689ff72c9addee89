import NeuralNetworks
import NumericCore
import Studies
import Testing

@Suite("Samples with permuted inputs") struct SampleSetPermutationTests {
  @Test("have each input at its new place, and their targets")
  func places() {
    let samples = SampleSet(
      inputs: Matrix(rows: 3, columns: 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
      targets: .labels([5, 6, 7]),
      indices: [2, 0])
    let permuted = samples.permutingInputs([2, 0, 1])
    #expect(permuted.inputs.elements == [9, 7, 8, 3, 1, 2])
    #expect(permuted.indices == [0, 1])
    guard case .labels(let labels) = permuted.targets else {
      Issue.record("classes")
      return
    }
    #expect(labels == [7, 5])
  }

  @Test("keep values, and those that float32 does not hold")
  func values() {
    let samples = SampleSet(
      inputs: Matrix(rows: 2, columns: 2, [1, 2, 3, 4]),
      targets: .values(Matrix(rows: 2, columns: 1, [10, 20])), indices: [1],
      exactTargets: [10.25, 20.5])
    let permuted = samples.permutingInputs([1, 0])
    #expect(permuted.inputs.elements == [4, 3])
    #expect(permuted.exactTargets == [20.5] && permuted.value(of: 0, 0) == 20.5)
  }
}
