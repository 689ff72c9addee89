import NumericCore

/// When a pruned layer is held as compressed rows: up to which share of surviving weights; part of the
/// fingerprint of results.
///
/// A pure function of shape, survivors and instruction set, so that a stage computes the same bits
/// wherever it is stopped and goes on.
package struct KernelTable: Sendable, Equatable {
  /// The largest density, survivors over weights, at which compressed rows win.
  package let density: Double

  package init(density: Double) { self.density = density }

  /// The committed table.
  ///
  /// Time of a training step with compressed rows over that with dense ones, networks
  /// [width, width, width], on one thread: AVX-512 of a Zen 4 core, the others of a Sapphire Rapids core:
  ///
  /// | instruction set | width, batch | 0.05 | 0.1 | 0.2 | 0.3 | 0.4 | 0.5 | 0.6 |
  /// |---|---|---|---|---|---|---|---|---|
  /// | AVX-512 | 64, 64 | 0.29 | 0.34 | 0.46 | 0.58 | 0.70 | 0.80 | 0.91 |
  /// | | 256, 16 | 0.17 | 0.27 | 0.48 | 0.70 | 0.97 | 1.21 | 1.45 |
  /// | | 256, 64 | 0.13 | 0.22 | 0.38 | 0.58 | 0.76 | 0.98 | 1.23 |
  /// | | 1024, 32 | 0.09 | 0.20 | 0.43 | 0.72 | 0.98 | 1.18 | 1.50 |
  /// | | 1024, 128 | 0.11 | 0.22 | 0.46 | 0.72 | 0.98 | 1.28 | 1.70 |
  /// | AVX2 | 64, 64 | 0.31 | 0.29 | 0.42 | 0.53 | 0.65 | 0.76 | 0.89 |
  /// | | 256, 16 | 0.17 | 0.28 | 0.52 | 0.77 | 1.02 | 1.28 | 1.58 |
  /// | | 256, 64 | 0.12 | 0.21 | 0.36 | 0.51 | 0.66 | 0.83 | 1.03 |
  /// | | 1024, 32 | 0.09 | 0.22 | 0.44 | 0.69 | 0.95 | 1.20 | 1.42 |
  /// | | 1024, 128 | 0.10 | 0.18 | 0.35 | 0.53 | 0.72 | 0.95 | 1.11 |
  /// | plain | 64, 64 | 0.19 | 0.29 | 0.35 | 0.44 | 0.56 | 0.64 | 0.76 |
  /// | | 256, 16 | 0.12 | 0.20 | 0.34 | 0.50 | 0.65 | 0.82 | 1.02 |
  /// | | 256, 64 | 0.10 | 0.16 | 0.28 | 0.40 | 0.54 | 0.71 | 0.76 |
  /// | | 1024, 32 | 0.08 | 0.15 | 0.29 | 0.47 | 0.64 | 0.76 | 1.05 |
  /// | | 1024, 128 | 0.08 | 0.15 | 0.29 | 0.46 | 0.59 | 0.71 | 0.86 |
  ///
  /// NEON, which has only been emulated, has what AVX-512 has.
  package static func committed(for set: InstructionSet) -> KernelTable {
    switch set {
    case .avx512, .neon: KernelTable(density: 0.4)
    case .avx2: KernelTable(density: 0.35)
    case .plain: KernelTable(density: 0.55)
    }
  }

  /// Whether a layer [rows, columns] with `survivors` weights left is held as compressed rows. One
  /// with 2³¹ weights or more never is: places are 32-bit numbers.
  package func compresses(rows: Int, columns: Int, survivors: Int) -> Bool {
    let (weights, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, weights <= Int(Int32.max) else { return false }
    return Double(survivors) <= density * Double(weights)
  }
}
