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
  /// Time of a training step with compressed rows over that with dense ones on one thread of a Zen 4
  /// core, networks [width, width, width]; narrower instruction sets by leaving the wider kernels out:
  ///
  /// | instruction set, dense product | width, batch | 0.05 | 0.1 | 0.2 | 0.3 | 0.4 | 0.5 | 0.6 |
  /// |---|---|---|---|---|---|---|---|---|
  /// | AVX-512, tiles | 64, 64 | 0.29 | 0.34 | 0.46 | 0.58 | 0.70 | 0.80 | 0.91 |
  /// | | 256, 16 | 0.17 | 0.27 | 0.48 | 0.70 | 0.97 | 1.21 | 1.45 |
  /// | | 256, 64 | 0.13 | 0.22 | 0.38 | 0.58 | 0.76 | 0.98 | 1.23 |
  /// | | 1024, 32 | 0.09 | 0.20 | 0.43 | 0.72 | 0.98 | 1.18 | 1.50 |
  /// | | 1024, 128 | 0.11 | 0.22 | 0.46 | 0.72 | 0.98 | 1.28 | 1.70 |
  /// | AVX2, OpenBLAS | 64, 64 | 0.15 | 0.18 | 0.25 | 0.30 | 0.37 | 0.43 | 0.48 |
  /// | | 256, 64 | 0.11 | 0.18 | 0.31 | 0.46 | 0.63 | 0.83 | 1.02 |
  /// | | 1024, 128 | 0.11 | 0.21 | 0.43 | 0.62 | 0.83 | 1.13 | 1.31 |
  /// | plain, OpenBLAS | 256, 64 | 0.10 | 0.16 | 0.28 | 0.39 | 0.52 | 0.65 | 0.77 |
  /// | | 1024, 128 | 0.09 | 0.17 | 0.32 | 0.48 | 0.68 | 0.87 | 1.00 |
  package static func committed(for set: InstructionSet) -> KernelTable {
    switch set {
    case .avx512: KernelTable(density: 0.4)
    case .avx2: KernelTable(density: 0.45)
    case .plain, .neon: KernelTable(density: 0.6)
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
