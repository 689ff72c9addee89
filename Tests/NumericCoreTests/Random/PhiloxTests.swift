import NumericCore
import Testing

@Suite("Philox")
struct PhiloxTests {
  /// One line of Random123's kat_vectors for philox4x32-10.
  struct KnownAnswer: Sendable {
    let counter: [UInt32], key: [UInt32], output: [UInt32]
  }

  static let knownAnswers = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: [0, 0],
      output: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      output: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
      key: [0xa409_3822, 0x299f_31d0],
      output: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test("Blocks are those of Random123's known-answer file", arguments: knownAnswers)
  func knownAnswer(_ known: KnownAnswer) {
    let c = known.counter
    let block = Philox.block(counter: (c[0], c[1], c[2], c[3]), key: (known.key[0], known.key[1]))
    #expect([block.0, block.1, block.2, block.3] == known.output)
  }

  @Test("A stream hands out a block's words two by two, low word first")
  func stream() {
    var generator = Philox(seed: 0, purpose: Philox.Purpose(rawValue: 0))
    #expect(generator.nextUInt64() == 0xe169_c58d_6627_e8d5)
    #expect(generator.nextUInt64() == 0x9b00_dbd8_bc57_ac4c)
    let second = Philox.block(counter: (1, 0, 0, 0), key: (0, 0))
    #expect(generator.nextUInt64() == UInt64(second.1) << 32 | UInt64(second.0))
  }

  @Test("Seed, purpose and index each lead to a stream of their own")
  func streams() {
    var firsts: Set<UInt64> = []
    var streams = 0
    for seed in [0, 1, 1 << 32] as [UInt64] {
      for purpose in [Philox.Purpose.initialization, .sampleOrder, .split] {
        for index in [0, 1, 1 << 32] as [UInt64] {
          var generator = Philox(seed: seed, purpose: purpose, index: index)
          firsts.insert(generator.nextUInt64())
          streams += 1
        }
      }
    }
    #expect(firsts.count == streams)
  }

  @Test("A name derives the same seed every time, other names and seeds derive others")
  func derivedSeeds() {
    #expect(Philox.seed(42, named: "train") == Philox.seed(42, named: "train"))
    let seeds = ["train", "train-2", "", "niart"].flatMap { name in
      [1, 2].map { Philox.seed($0, named: name) }
    }
    #expect(Set(seeds).count == seeds.count)
  }

  @Test("Numbers of [0, 1) have the moments of the uniform distribution", arguments: [1, 2, 3])
  func uniform(seed: UInt64) {
    var generator = Philox(seed: seed, purpose: .split)
    let count = 20_000
    let draws = (0..<count).map { _ in generator.nextUnit() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
    // Five standard errors: sqrt(1/12/n) for the mean, sqrt(1/180/n) for the variance.
    #expect(abs(mean - 0.5) < 5 * (1 / 12 / Double(count)).squareRoot())
    #expect(abs(variance - 1 / 12) < 5 * (1 / 180 / Double(count)).squareRoot())
  }

  @Test("Bounded integers stay in range and reach every value", arguments: [1, 2, 7, 100])
  func bounded(bound: Int) {
    var generator = Philox(seed: 9, purpose: .split)
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<(200 * bound) { counts[generator.next(below: bound)] += 1 }
    // 200 expected each with a standard deviation below 15.
    #expect(counts.allSatisfy { abs($0 - 200) < 75 })
  }

  @Test("A permutation holds every index once", arguments: [0, 1, 2, 17, 1000])
  func permutation(count: Int) {
    var generator = Philox(seed: 3, purpose: .sampleOrder)
    let order = generator.permutation(count)
    #expect(order.sorted() == Array(0..<count))
    if count > 10 { #expect(order != Array(0..<count)) }
  }

  @Test("All orders of three are equally likely")
  func fairPermutations() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<3_000 {
      var generator = Philox(seed: 3, purpose: .sampleOrder, index: UInt64(epoch))
      counts[generator.permutation(3), default: 0] += 1
    }
    // 500 expected each with a standard deviation of 20.4.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 500) < 105 })
  }
}
