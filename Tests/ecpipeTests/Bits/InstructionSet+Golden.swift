import NumericCore

extension InstructionSet {
  /// OpenBLAS's kernels: those that most processors with the set get, so that one table serves all of
  /// them.
  private var blasCore: String {
    switch self {
    case .plain: "Prescott"
    case .avx2: "Haswell"
    case .avx512: "SkylakeX"
    case .neon: "ARMV8"
    }
  }

  /// The environment in which a program computes with it, whatever more the processor has.
  var environment: [String: String] {
    [InstructionSet.variable: rawValue, "OPENBLAS_CORETYPE": blasCore]
  }
}
