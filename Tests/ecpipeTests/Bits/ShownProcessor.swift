import Foundation
import NumericCore

/// Why results of a processor cannot be compared here.
struct NotShown: Error {
  let reason: String
}

/// A processor that a run is made to see, whatever larger one it runs on.
enum ShownProcessor: String, CaseIterable, Sendable {
  case avx512 = "AVX-512"
  case avx2 = "AVX2"
  case baseline

  /// The features that kernels are then chosen by.
  private var features: ProcessorFeatures {
    switch self {
    case .avx512: [.avx2, .avx512]
    case .avx2: .avx2
    case .baseline: []
    }
  }

  /// OpenBLAS's kernels: those that most such processors get, so that one table serves all of them.
  private var blasCore: String {
    switch self {
    case .avx512: "SkylakeX"
    case .avx2: "Haswell"
    case .baseline: "Prescott"
    }
  }

  /// The environment in which a program sees it; what that needs is built in `place`.
  ///
  /// - Throws: `NotShown`.
  func environment(in place: Workplace) throws -> [String: String] {
    let present = ProcessorFeatures.present
    guard present.isSuperset(of: features) else {
      throw NotShown(reason: "this processor has no \(rawValue)")
    }
    var environment = ["OPENBLAS_CORETYPE": blasCore]
    if present != features { environment["LD_AUDIT"] = try library(in: place) }
    return environment
  }

  /// Builds the library that answers for the processor.
  private func library(in place: Workplace) throws -> String {
    let path = place.file("processor.so")
    let level = self == .baseline ? ["-DBASELINE"] : []
    let options = ["-shared", "-fPIC", "-nostdlib", "-O1", "-fno-stack-protector"] + level
    let source = GoldenBits.folder + "/processor.c"
    for compiler in ["clang", "cc"] {
      let building = try RunningProgram(
        "/usr/bin/env", [compiler] + options + ["-o", path, source], in: place.path)
      if try building.outcome().code == 0 { return path }
    }
    throw NotShown(reason: "there is no compiler of C")
  }

  /// Whether a program with the members `fingerprint` of its own has seen it.
  func isShown(in fingerprint: [String: String]) -> Bool {
    let names = [(ProcessorFeatures.avx2, "avx2+fma"), (.avx512, "avx512")]
    return fingerprint["features"]
      == names.filter { features.contains($0.0) }.map(\.1).joined(separator: " ")
  }
}
