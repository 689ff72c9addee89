import CLibcrypto
import CZlib
import NumericCore
import Storage

/// The libraries that are linked, and what OpenBLAS has chosen.
package struct LibraryCheck: Sendable {
  package var versions: [String]
  /// OpenBLAS's version and build options.
  package var blasBuild: String
  /// The kernels that OpenBLAS chose, such as `SkylakeX`.
  package var blasCore: String
  /// The instruction set of our own kernels.
  package var set: InstructionSet
  /// Name and version of the MPI library; nil for a program that was built without one.
  package var messagePassing: String?

  package init(
    versions: [String], blasBuild: String, blasCore: String, set: InstructionSet,
    messagePassing: String? = nil
  ) {
    self.messagePassing = messagePassing
    self.versions = versions
    self.blasBuild = blasBuild
    self.blasCore = blasCore
    self.set = set
  }

  /// Those of this process.
  package init(messagePassing: String? = nil) {
    let fingerprint = ProcessorFingerprint()
    self.init(
      versions: [
        fingerprint.mathLibrary, "zstd \(Zstd.version)", "zlib \(String(cString: zlibVersion()))",
        String(cString: OpenSSL_version(OPENSSL_VERSION)),
      ].filter { !$0.isEmpty },
      blasBuild: fingerprint.blasBuild, blasCore: fingerprint.blasCore, set: .chosen,
      messagePassing: messagePassing)
  }

  package var findings: [Finding] {
    let build = blasBuild.split(separator: " ").prefix(2).joined(separator: " ")
    let blas = "\(build), core \(blasCore)"
    return [
      .ok(.libraries, "ecpipe \(ProgramVersion.current); " + versions.joined(separator: ", ")),
      better.map { core, missing in
        .warning(
          .libraries,
          "\(blas): it takes the processor for that older one and leaves \(missing) unused, so "
            + "least_squares and the removal of units take longer",
          advice:
            "export OPENBLAS_CORETYPE=\(core), before the first run, because bits are others then; or "
            + "install a newer OpenBLAS")
      } ?? .ok(.libraries, blas),
      .ok(
        .libraries,
        messagePassing.map { "MPI: \($0)" }
          ?? "MPI: none; a program that was built with --traits MPI can share a run among machines"),
    ]
  }

  /// The core of OpenBLAS for the set, and the set's name, where OpenBLAS chose one that makes no use of it: it
  /// takes a processor that is newer than itself for an old one. A core that is not known here may be newer.
  private var better: (core: String, missing: String)? {
    let core = blasCore.lowercased()
    return switch set {
    case .avx512 where Self.basicCores.contains(core) || Self.avx2Cores.contains(core):
      ("SkylakeX", "AVX-512")
    case .avx2 where Self.basicCores.contains(core): ("Haswell", "AVX2")
    case .avx512, .avx2, .plain, .neon: nil
    }
  }

  /// OpenBLAS's names for processors without AVX2.
  private static let basicCores: Set = [
    "generic", "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2", "penryn",
    "dunnington", "nehalem", "sandybridge", "athlon", "opteron", "opteron_sse3", "barcelona",
    "bobcat",
    "bulldozer", "piledriver", "steamroller", "nano",
  ]
  /// For those with AVX2 and without AVX-512.
  private static let avx2Cores: Set = ["haswell", "zen", "excavator"]
}
