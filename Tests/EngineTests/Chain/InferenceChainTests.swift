import Engine
import NumericCore
import TestSupport
import Testing

@Suite("InferenceChain")
struct InferenceChainTests {
  /// Sums of up to 100 terms below 1, rounded in Float32.
  static let tolerance = 2e-5

  static let counts = [0, 1, 2, 3, 15, 16, 17, 33, 64, 65, 100]

  @Test(
    "Compressed, dense, single and in blocks: the outputs by definition", arguments: counts,
    [0, 0.1, 0.6, nil] as [Double?])
  func reference(count: Int, density: Double?) {
    let fixture = ChainFixture(
      widths: [30, 19, 41, 3], densities: [density, density, density], activation: .leakyRelu,
      samples: 100)
    let expected = Self.outputs(fixture)
    for table in [ChainFixture.dense, ChainFixture.compressing] {
      for product in [DenseProduct.tiles, .blas] {
        let chain = Self.chain(fixture, table, product: product)
        var result = Matrix(rows: 100, columns: 3, repeating: 7)
        let first = 100 - count
        chain.run(fixture.data, first: first, count: count, into: &result)
        let elements = result.elements
        #expect(elements[..<(first * 3)].allSatisfy { $0 == 7 }, "other rows stay")
        #expect(
          largestDifference(Array(elements[(first * 3)...]), Array(expected[(first * 3)...]))
            < Self.tolerance)

        var block = SampleBlock(features: 3, capacity: 100)
        let rows = (first..<100).map { Int32($0) }
        chain.run(fixture.data, rows: rows[...], into: &block)
        #expect(block.count == count)
        #expect(
          largestDifference(block.samples.elements, Array(expected[(first * 3)...]))
            < Self.tolerance)
      }
    }
  }

  @Test("The same bits on any number of threads, singly and in blocks", arguments: [1, 2, 70])
  func threads(count: Int) {
    let fixture = ChainFixture(
      widths: [200, 601, 1003, 201], densities: [0.9, 0.4, 0.9], samples: 70)
    func bits(_ threads: Int) -> [UInt32] {
      let chain = Self.chain(fixture, ChainFixture.compressing, threads: threads)
      var result = Matrix(rows: 70, columns: 201)
      for _ in 0..<2 { chain.run(fixture.data, first: 0, count: count, into: &result) }
      return result.bits
    }
    let alone = bits(1)
    for threads in [2, 3, 5] { #expect(bits(threads) == alone) }
  }

  @Test(
    "A sample has the same bits in batches of every size, whatever part of a register they fill",
    arguments: [3, 8, 9, 16, 17, 24, 25, 33, 40, 41, 64, 65, 99])
  func sizes(count: Int) {
    let fixture = ChainFixture(
      widths: [30, 19, 41, 3], densities: [0.4, 0.4, 0.4], samples: 100)
    let chain = Self.chain(fixture, ChainFixture.compressing)
    var (all, some) = (Matrix(rows: 100, columns: 3), Matrix(rows: 100, columns: 3))
    chain.run(fixture.data, first: 0, count: 100, into: &all)
    chain.run(fixture.data, first: 0, count: count, into: &some)
    #expect(some.bits.prefix(3 * count).elementsEqual(all.bits.prefix(3 * count)))
  }

  @Test(
    "Small numbers of a network near the ends of Float32 are not taken for 0, those of others are",
    arguments: [1, 3, 40])
  func subnormals(count: Int) {
    let tiny = Float(sign: .plus, exponent: -130, significand: 1.47)
    let data = Matrix(rows: count, columns: 1, repeating: tiny)
    let cases: [(weights: [Float], isNearEnds: Bool)] = [([1e36, 1e-36], true), ([1, 1], false)]
    for (weights, isNearEnds) in cases {
      let layers = weights.enumerated().map { index, weight in
        DenseLayer(
          name: "layer\(index)", weights: Matrix(rows: 1, columns: 1, repeating: weight),
          bias: [0], activation: index == 0 ? .relu : .identity)
      }
      let chain = InferenceChain(
        parameters: ChainParameters(layers, trains: false), capacity: 40,
        pool: WorkerPool(threadCount: 2))
      var outputs = Matrix(rows: count, columns: 1)
      chain.run(data, first: 0, count: count, into: &outputs)
      var block = SampleBlock(features: 1, capacity: 40)
      chain.run(data, rows: (0..<Int32(count)).map { $0 }[...], into: &block)
      for values in [outputs.elements, block.samples.elements] {
        #expect(values.count == count)
        #expect(values.allSatisfy { isNearEnds ? abs($0 / tiny - 1) < 1e-5 : $0 == 0 })
      }
    }
  }

  private static func chain(
    _ fixture: ChainFixture, _ table: KernelTable, threads: Int = 2,
    product: DenseProduct = .tiles
  ) -> InferenceChain {
    InferenceChain(
      parameters: ChainParameters(fixture.layers, trains: false, table: table),
      capacity: 100, pool: WorkerPool(threadCount: threads),
      product: product)
  }

  /// All samples' outputs in Double, sample by sample.
  private static func outputs(_ fixture: ChainFixture) -> [Double] {
    (0..<fixture.data.rows).flatMap { sample in
      var x = fixture.data.row(sample).map(Double.init)
      for layer in fixture.layers {
        let function = ReferenceActivation(rawValue: layer.activation.rawValue)!
        x = (0..<layer.outputs).map { row in
          var sum = Double(layer.bias[row])
          for column in x.indices { sum += Double(layer.weights[row, column]) * x[column] }
          return function.value(sum, slope: Double(layer.slope))
        }
      }
      return x
    }
  }
}
