import NumericCore
import Testing

@Suite("Normal draws")
struct NormalTests {
  @Test("There are as many draws as asked for, the same ones every time", arguments: [0, 1, 2, 7])
  func count(count: Int) {
    var first = Philox(seed: 5, purpose: .initialization)
    var second = first
    let draws = first.normals(count)
    #expect(draws.count == count)
    #expect(draws == second.normals(count))
  }

  @Test("The first four moments are those of the standard normal distribution", arguments: [1, 2])
  func moments(seed: UInt64) {
    var generator = Philox(seed: seed, purpose: .initialization)
    let count = 20_000
    let draws = generator.normals(count)
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { product, _ in product * x } }
        / Double(count)
    }
    // Five standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15 and 96.
    for (power, (expected, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
      #expect(abs(moment(power + 1) - expected) < 5 * (variance / Double(count)).squareRoot())
    }
  }

  @Test("The two draws of a pair are independent and all draws are finite")
  func pairs() {
    var generator = Philox(seed: 8, purpose: .initialization)
    var product = 0.0
    var finite = true
    for _ in 0..<10_000 {
      let (first, second) = generator.nextNormalPair()
      finite = finite && first.isFinite && second.isFinite
      product += first * second
    }
    #expect(finite)
    #expect(abs(product / 10_000) < 0.05)
  }
}
