import CKernels

/// Instruction sets that kernels are chosen by.
package struct ProcessorFeatures: OptionSet, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// 8 floats a register, fused multiply-add.
  package static let avx2 = ProcessorFeatures(rawValue: 1)
  /// 16 floats a register and 32 registers.
  package static let avx512 = ProcessorFeatures(rawValue: 2)

  /// Those of this machine.
  package static let present = ProcessorFeatures(rawValue: eck_processor_features())
}
