/// Counter-based random numbers: Philox4x32-10 (Salmon et al., SC 2011).
///
/// A draw is a function of (seed, purpose, index) and of how many draws came before it, so that
/// nothing but counters has to be saved to continue. Each (seed, purpose, index) has 2^33 draws of
/// 64 bits.
package struct Philox: Sendable {
  /// What a stream of draws is for; streams of different purposes are independent.
  package struct Purpose: Sendable, Equatable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Initial weights; the index is the layer.
    package static let initialization = Purpose(rawValue: 1)
    /// Order of the samples in an epoch; the index is the epoch.
    package static let sampleOrder = Purpose(rawValue: 2)
    /// Division of the data into parts.
    package static let split = Purpose(rawValue: 3)
    /// Seeds derived from a name.
    package static let derivation = Purpose(rawValue: 4)
    /// Choice of the samples on which weights are scored.
    package static let scoringSamples = Purpose(rawValue: 5)
    /// Signs of the probes that stand for many outputs; the index is block and probe.
    package static let probes = Purpose(rawValue: 6)
    /// Importances of the criterion random; the index is the layer.
    package static let randomImportance = Purpose(rawValue: 7)
    /// Rows drawn again for an interval.
    package static let bootstrap = Purpose(rawValue: 8)
    /// Initial biases; the index is the layer.
    package static let initialBiases = Purpose(rawValue: 9)
    /// Choice of the samples by which a refinement is stopped.
    package static let heldOutSamples = Purpose(rawValue: 10)
    /// Which removed weights grow back, and as what; the index is the layer.
    package static let releasedWeights = Purpose(rawValue: 11)
    /// Which units a training step leaves out; the index is step and layer.
    package static let dropout = Purpose(rawValue: 12)
    /// Parameters of generated data; the index is the sample.
    package static let generatorParameters = Purpose(rawValue: 16)
    /// Noise on generated data; the index is the row.
    package static let generatorNoise = Purpose(rawValue: 17)
    /// Gaussian inputs in the place of images; the index is the sample.
    package static let surrogate = Purpose(rawValue: 24)
    /// Orders of the inputs of data whose neighbourhoods are taken away.
    package static let inputOrder = Purpose(rawValue: 25)
  }

  private let key: (UInt32, UInt32)
  private var counter: (UInt32, UInt32, UInt32, UInt32)
  private var spare: UInt64?

  /// A stream that starts at its first draw.
  package init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = (
      0, purpose.rawValue, UInt32(truncatingIfNeeded: index),
      UInt32(truncatingIfNeeded: index >> 32)
    )
  }

  /// The seed that belongs to `name` under `seed`: stages of different names draw different orders.
  package static func seed(_ seed: UInt64, named name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a, 64 bits
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var generator = Philox(seed: seed, purpose: .derivation, index: hash)
    return generator.nextUInt64()
  }

  /// The next 64 random bits.
  package mutating func nextUInt64() -> UInt64 {
    if let held = spare {
      spare = nil
      return held
    }
    let block = Philox.block(counter: counter, key: key)
    counter.0 &+= 1
    spare = UInt64(block.3) << 32 | UInt64(block.2)
    return UInt64(block.1) << 32 | UInt64(block.0)
  }

  /// A number in [0, 1) with 53 random bits.
  package mutating func nextUnit() -> Double { Double(nextUInt64() >> 11) * 0x1p-53 }

  /// An integer in 0..<bound (at least 1), each equally likely to within bound / 2^64.
  package mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "the bound of a random integer is at least 1")
    return Int(nextUInt64().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A random order of 0..<count (Fisher–Yates).
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    var last = count - 1
    while last > 0 {
      order.swapAt(last, next(below: last + 1))
      last -= 1
    }
    return order
  }

  /// One block of the generator: ten rounds of two 32-bit products.
  package static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (x0, x1, x2, x3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let first = UInt64(0xd251_1f53) &* UInt64(x0)
      let second = UInt64(0xcd9e_8d57) &* UInt64(x2)
      (x0, x1, x2, x3) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ x1 ^ k0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ x3 ^ k1, UInt32(truncatingIfNeeded: first)
      )
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (x0, x1, x2, x3)
  }
}
