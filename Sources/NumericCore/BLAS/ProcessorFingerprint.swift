import CKernels
import COpenBLAS
import Glibc

/// What results depend on beside their inputs: another one may give other bits.
package struct ProcessorFingerprint: Sendable, Equatable {
  /// The kernels that OpenBLAS chose, such as `SkylakeX`.
  package let blasCore: String
  /// OpenBLAS's version and build options.
  package let blasBuild: String
  /// Those of the instruction set whose kernels were chosen.
  package let features: [String]
  /// Second-level cache in bytes, by which OpenBLAS cuts its blocks; 0 where the system does not say.
  package let secondLevelCache: Int
  /// Where logarithms, powers and cosines come from, such as `glibc 2.36`; empty where it is not said.
  package let mathLibrary: String

  /// OpenBLAS writes its answers into one buffer of its own, so it is asked once: two threads that ask
  /// at a time would spoil each other's answer.
  private static let blas = (
    core: String(cString: openblas_get_corename()), build: String(cString: openblas_get_config())
  )

  /// The fingerprint of this process.
  package init() {
    blasCore = ProcessorFingerprint.blas.core
    blasBuild = ProcessorFingerprint.blas.build
    features = InstructionSet.chosen.features
    let libraryVersion = String(cString: eck_math_library())
    mathLibrary = libraryVersion.isEmpty ? "" : "glibc \(libraryVersion)"
    secondLevelCache = max(0, sysconf(Int32(_SC_LEVEL2_CACHE_SIZE)))
  }
}
