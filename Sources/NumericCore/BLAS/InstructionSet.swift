import CKernels

/// Instruction sets that kernels are compiled for; of those that one processor has, a later one is faster.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// What every processor of its architecture has.
  case plain
  /// 16 registers of 8 floats, fused multiply-add.
  case avx2
  /// 32 registers of 16 floats, fused multiply-add.
  case avx512
  /// 32 registers of 4 floats, fused multiply-add: of 64-bit Arm.
  case neon

  /// The set whose kernels run in this process: the one that the environment names, or else the last that
  /// the processor has.
  package static let chosen: InstructionSet = {
    let code = eck_instructions()
    guard let set = allCases.first(where: { $0.code == code }) else {
      preconditionFailure("every set of the kernels has a case")
    }
    return set
  }()

  /// Those that this processor has.
  package static let present = allCases.filter { eck_has_instructions($0.code) == 1 }

  /// The variable of the environment that names one.
  package static let variable = ECK_INSTRUCTIONS_VARIABLE

  /// Its number among the kernels' sets.
  private var code: Int32 {
    switch self {
    case .plain: Int32(ECK_PLAIN)
    case .avx2: Int32(ECK_AVX2)
    case .avx512: Int32(ECK_AVX512)
    case .neon: Int32(ECK_NEON)
    }
  }

  /// What a fingerprint says of it: the sets that it consists of, beyond the architecture's own.
  package var features: [String] {
    switch self {
    case .plain: []
    case .avx2: ["avx2+fma"]
    case .avx512: ["avx2+fma", "avx512"]
    case .neon: ["neon"]
    }
  }
}

extension InstructionSet {
  /// Why a set that the environment asks for cannot be had.
  package enum Refusal: Error, Equatable {
    /// No set has that name.
    case unknown(String, present: [InstructionSet])
    /// This processor does not have it.
    case absent(InstructionSet, present: [InstructionSet])
  }

  /// Checks what `variable` is set to; nil and nothing ask for nothing.
  package static func check(
    request: String?, present: [InstructionSet] = present
  ) throws(Refusal) {
    guard let request, !request.isEmpty else { return }
    guard let set = InstructionSet(rawValue: request) else {
      throw .unknown(request, present: present)
    }
    if !present.contains(set) { throw .absent(set, present: present) }
  }
}

extension InstructionSet.Refusal: CustomStringConvertible {
  package var description: String {
    func list(_ sets: [InstructionSet]) -> String {
      sets.map(\.rawValue).joined(separator: ", ")
    }
    return switch self {
    case .unknown(let word, let present):
      "\(InstructionSet.variable)=\(word): there is no such instruction set; this processor has "
        + list(present)
    case .absent(let set, let present):
      "\(InstructionSet.variable)=\(set.rawValue): this processor does not have it; it has "
        + list(present)
    }
  }
}
