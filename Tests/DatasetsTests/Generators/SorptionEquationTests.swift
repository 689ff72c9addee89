import Datasets
import Foundation
import Testing

@Suite("Diffusion–sorption equation")
struct SorptionEquationTests {
  private let equation = SorptionEquation(diffusion: 5e-4, freundlich: 3.5e-4)

  @Test("R is Freundlich's retardation factor", arguments: [1e-4, 0.1, 1])
  func retardation(u: Double) {
    let factor = (1 - 0.29) / 0.29 * 2880 * 3.5e-4 * 0.874
    let expected = 1 + factor * pow(u, 0.874 - 1)
    #expect(abs(equation.content(u).retardation - expected) < 1e-12 * expected)
  }

  @Test("R is the derivative of the content", arguments: [1e-3, 0.05, 0.7])
  func derivative(u: Double) {
    let step = 1e-4 * u
    let difference =
      (equation.content(u + step).content - equation.content(u - step).content) / (2 * step)
    // The central difference is off by a multiple of the relative step squared.
    #expect(abs(difference / equation.content(u).retardation - 1) < 1e-8)
  }

  @Test("near 0 and below, the content goes on along a tangent, without a jump and finite")
  func tangent() {
    let (below, above) = (equation.content(0.999_999e-12), equation.content(1.000_001e-12))
    #expect(below.content < above.content)
    #expect(abs(below.retardation / above.retardation - 1) < 1e-6)
    for u in [0, -1e-9, -1] {
      let (content, retardation) = equation.content(u)
      #expect(content.isFinite && retardation > 1 && retardation.isFinite)
    }
    #expect(equation.content(-1).content < 0)
  }
}
