import CLibcrypto
import CZlib
import NumericCore
import Storage

/// The libraries that are linked, and what OpenBLAS has chosen.
package struct LibraryCheck: Sendable {
  package let fingerprint: ProcessorFingerprint
  package let versions: [String]

  /// Those of this process.
  package init() {
    fingerprint = ProcessorFingerprint()
    versions = [
      fingerprint.mathLibrary, "zstd \(Zstd.version)", "zlib \(String(cString: zlibVersion()))",
      String(cString: OpenSSL_version(OPENSSL_VERSION)),
    ].filter { !$0.isEmpty }
  }

  /// What OpenBLAS calls processors that can do what this one can.
  private var core: String? {
    if fingerprint.features.contains("avx512") { return "SkylakeX" }
    return fingerprint.features.contains("avx2+fma") ? "Haswell" : nil
  }

  package var findings: [Finding] {
    let build = fingerprint.blasBuild.split(separator: " ").prefix(2).joined(separator: " ")
    let blas = "\(build), core \(fingerprint.blasCore)"
    let isGeneric = ["prescott", "generic", "core2", "katmai"].contains(
      fingerprint.blasCore.lowercased())
    return [
      .ok(.libraries, "ecpipe \(ProgramVersion.current); " + versions.joined(separator: ", ")),
      isGeneric
        ? .warning(
          .libraries, blas + ", which knows little of this processor",
          advice: core.map {
            "set OPENBLAS_CORETYPE=\($0), which is faster and has other bits, or install a newer OpenBLAS"
          } ?? "install a newer OpenBLAS, or leave OPENBLAS_CORETYPE unset")
        : .ok(.libraries, blas),
    ]
  }
}
