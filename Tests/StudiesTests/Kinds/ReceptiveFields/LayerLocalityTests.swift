import Engine
import NumericCore
import Schedules
import Studies
import Testing

@Suite("The locality of a layer") struct LayerLocalityTests {
  private let image = ImageShape(rows: 2, columns: 4)

  /// A layer of weights 1 that keeps the pixels of each unit.
  private func layer(_ units: [[Int]], inputs: Int = 8) -> DenseLayer {
    var mask = Mask(rows: units.count, columns: inputs)
    for (unit, kept) in units.enumerated() {
      for input in 0..<inputs where !kept.contains(input) { mask.remove(unit * inputs + input) }
    }
    return DenseLayer(
      name: "hidden1", weights: Matrix(rows: units.count, columns: inputs, repeating: 1),
      bias: Array(repeating: 0, count: units.count), activation: .relu, mask: mask)
  }

  private func isNear(_ value: Double?, _ expected: Double) -> Bool {
    value.map { abs($0 - expected) < 1e-12 } ?? false
  }

  @Test("is 1 where units read all pixels")
  func dense() {
    let dense = layer([Array(0..<8), Array(0..<8)])
    let locality = LayerLocality(of: dense, next: nil, image: image)
    #expect(locality.aliveUnits == 2)
    #expect(locality.participation == 1 && locality.pixelParticipation == 1)
    #expect(abs((locality.spread ?? 0) - 1) < 1e-12)
    // Of 16 connections each unit is dealt 8: 7/8 · 16/15 of the spread of all.
    #expect(abs((locality.spreadAmongRead ?? 0) - 15.0 / 14) < 1e-12)
  }

  @Test("tells fields from a middle that all units read")
  func among() throws {
    // Two neighbours in the middle: close together, as all that the layer reads.
    let middle = LayerLocality(of: layer([[1, 2], [1, 2], [1, 2]]), next: nil, image: image)
    // Neighbours at either end: as close, but the layer reads both ends.
    let fields = LayerLocality(of: layer([[0, 1], [2, 3], [0, 1]]), next: nil, image: image)
    // Any two pixels: 1/2 · 8/7 · (3/12 + 15/12) = 6/7; two neighbours: 1/4.
    let spread: Double = 0.25 * 7 / 6
    #expect(isNear(middle.spread, spread))
    #expect(middle.spread == fields.spread)
    // Of six connections to columns 1 and 2, variance 1/4, two: 1/2 · 6/5 · 1/4.
    let amongMiddle: Double = 1 / 0.6
    #expect(isNear(middle.spreadAmongRead, amongMiddle))
    // Columns 0, 1, 2, 3, 0, 1: mean 7/6, variance 41/36.
    let variance: Double = 41.0 / 36.0
    #expect(isNear(fields.spreadAmongRead, 0.25 / (0.6 * variance)))
    #expect(middle.pixelParticipation == 0.25)
  }

  @Test("is of units that are alive")
  func alive() {
    let first = layer([[0, 1], [2, 7], []])
    // The second unit is read by nobody.
    let next = layer([[0, 2], [0]], inputs: 3)
    let locality = LayerLocality(of: first, next: next, image: image)
    #expect(locality.aliveUnits == 1)
    #expect(LayerLocality.aliveUnits(of: first, next: nil) == [0, 1])
    let none = LayerLocality(of: layer([[], []]), next: nil, image: image)
    #expect(none.aliveUnits == 0 && none.spread == nil && none.participation == nil)
    #expect(none.pixelParticipation == nil)
  }

  @Test("goes by weights where masks are the same")
  func weights() throws {
    var own = layer([Array(0..<8)])
    own.weights = Matrix(rows: 1, columns: 8, [1, -1, 0, 0, 0, 0, 0, 0])
    let locality = LayerLocality(of: own, next: nil, image: image)
    #expect(locality.participation == 0.25)
  }
}
