import NumericCore

/// Why results of an instruction set cannot be compared here.
struct NotShown: Error {
  let reason: String
}

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
  ///
  /// - Throws: `NotShown` where the processor does not have it.
  func environment() throws(NotShown) -> [String: String] {
    guard InstructionSet.present.contains(self) else {
      throw NotShown(reason: "this processor has no \(rawValue)")
    }
    return [InstructionSet.variable: rawValue, "OPENBLAS_CORETYPE": blasCore]
  }
}
