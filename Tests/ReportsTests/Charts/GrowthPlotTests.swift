import Benchmarking
import Foundation
import FoundationXML
import Testing
import Reports

@Suite("Plot of a step's growth")
struct GrowthPlotTests {
  private static let growth = GrowthMeasurement(
    threads: 2,
    byWidth: [
      .init(width: 256, sparsity: 0.95, dense: 0.5, compressed: 0.1),
      .init(width: 512, sparsity: 0.95, dense: 2, compressed: 0.4),
    ],
    bySparsity: [
      .init(width: 512, sparsity: 0, dense: 2, compressed: nil),
      .init(width: 512, sparsity: 0.5, dense: 2, compressed: 3),
      .init(width: 512, sparsity: 0.7, dense: 2, compressed: 1),
    ])

  @Test("It is one well-formed SVG document that refers to no other")
  func document() throws {
    let svg = GrowthPlot(Self.growth).svg
    let document = try XMLDocument(xmlString: svg, options: [])
    #expect(document.rootElement()?.name == "svg")
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(!svg.contains("href") && !svg.contains("url("))
  }

  @Test("Every time has a mark that tells it, where there is one, and the crossover is named")
  func marks() {
    let svg = GrowthPlot(Self.growth).svg
    // Five dense times, four with compressed rows, two marks of the legend.
    #expect(svg.components(separatedBy: "<circle").count - 1 == 5 + 4 + 2)
    #expect(svg.contains("masked dense layers, 256: 0.5"))
    #expect(svg.contains("compressed rows, 0.7: 1"))
    #expect(svg.contains("2 threads: compressed rows win from sparsity 0.60 on"))
    #expect(svg.contains("sparsity, at width 512"))
  }

  @Test("Where compressed rows never win it says so")
  func never() {
    let growth = GrowthMeasurement(
      threads: 1, byWidth: [],
      bySparsity: [
        .init(width: 64, sparsity: 0.5, dense: 1, compressed: 2)
      ])
    #expect(GrowthPlot(growth).svg.contains("1 thread: compressed rows never win"))
  }
}
