import Engine
import Foundation
import NumericCore
import TestSupport
import Testing

@Suite("Softmax")
struct SoftmaxTests {
  @Test(
    "Softmax and its complement are right where a class is all but certain",
    arguments: [0, 1, 5, 16, 17])
  func softmax(count: Int) {
    // The difference of two outputs, up to 40, is rounded to 2e-6 before it becomes an exponent.
    let tolerance = 3e-6
    for outputs in [1, 2, 7] {
      var fixture = BlockFixture(seed: 31)
      let y = fixture.block(features: outputs, count: count, bound: 20)
      var p = SampleBlock(features: outputs, capacity: max(count, 1))
      var q = p
      y.softmax(p: &p, q: &q)
      #expect(p.count == count && q.count == count)
      for sample in 0..<count {
        let terms = (0..<outputs).map { exp(Double(y.values[$0, sample])) }
        let sum = terms.reduce(0, +)
        for output in 0..<outputs {
          let rest = terms.indices.filter { $0 != output }.reduce(0) { $0 + terms[$1] }
          let (share, complement) = (terms[output] / sum, rest / sum)
          #expect(abs(Double(p.values[output, sample]) - share) <= tolerance * share)
          #expect(abs(Double(q.values[output, sample]) - complement) <= tolerance * complement)
        }
      }
    }
  }
}
