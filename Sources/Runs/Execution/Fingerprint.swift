import Engine
import NumericCore
import Storage

/// The part of a checkpoint that says on what its bits depend.
package enum Fingerprint {
  /// The fingerprint of this process as JSON.
  package static var json: JSONValue {
    let own = ProcessorFingerprint()
    return [
      "engine": JSONValue(EngineVersion.current), "math_library": .string(own.mathLibrary),
      "blas_core": .string(own.blasCore), "blas_build": .string(own.blasBuild),
      "features": .array(own.features.map { .string($0) }),
      "second_level_cache": JSONValue(own.secondLevelCache),
      "compressed_density": JSONValue(KernelTable.committed(for: .chosen).density),
      "zstd": .string(Zstd.version),
    ]
  }

  /// How the engine that the stages of `manifest` are from differs from this one.
  package static func engineDifferences(of manifest: Manifest?) -> [JSONDifference] {
    guard let manifest else { return [] }
    return JSONDifference.all(
      from: ["engine": manifest.root.settings["engine"] ?? .null],
      to: ["engine": JSONValue(EngineVersion.current)])
  }
}
