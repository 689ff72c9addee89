import Runs
import Testing

/// NumPy 2.4.6: a = (i * 37 % 101) / 50 + 0.1, b = 1.1 * a + (i * 53 % 17) / 200, i = arange(400); rows drawn
/// 20,000 times by default_rng(0).integers(0, 400, 400); quantile(…, 0.95) of f(b[rows]) / f(a[rows]) - 1.
@Suite("PairedBootstrap") struct PairedBootstrapTests {
  private let champion = (0..<400).map { Double($0 * 37 % 101) / 50 + 0.1 }
  private var challenger: [Double] {
    champion.enumerated().map { 1.1 * $1 + Double($0 * 53 % 17) / 200 }
  }

  @Test("the bound is NumPy's, but for which rows are drawn")
  func bounds() {
    let mean = PairedBootstrap(.mean, seed: 1)
    #expect(abs(mean.value(of: champion) - 1.0982) < 1e-12)
    let bound = mean.upperBound(
      champion: champion, challenger: challenger, confidence: 0.95)
    #expect(abs(bound - 0.1389160254427903) < 3e-4)
    let root = PairedBootstrap(.root, seed: 1)
    let squares = (champion.map { $0 * $0 }, challenger.map { $0 * $0 })
    #expect(abs(root.value(of: squares.0) - 1.2437917832177539) < 1e-12)
    #expect(
      abs(
        root.upperBound(champion: squares.0, challenger: squares.1, confidence: 0.95)
          - 0.13063849013835763) < 3e-4)
  }

  @Test("is a function of the seed, and one network is not worse than itself")
  func seeds() {
    func bound(_ seed: UInt64, _ challenger: [Double]) -> Double {
      PairedBootstrap(.mean, seed: seed).upperBound(
        champion: champion, challenger: challenger, confidence: 0.95)
    }
    #expect(bound(1, challenger) == bound(1, challenger))
    #expect(bound(1, challenger) != bound(2, challenger))
    #expect(bound(1, champion) == 0)
  }

  @Test("without errors of the champion it is infinite, and without any 0")
  func perfect() {
    func bound(_ challenger: [Double]) -> Double {
      PairedBootstrap(.mean, seed: 1).upperBound(
        champion: [0, 0, 0], challenger: challenger, confidence: 0.9)
    }
    #expect(bound([1, 1, 1]) == .infinity)
    #expect(bound([0, 0, 0]) == 0)
  }
}
