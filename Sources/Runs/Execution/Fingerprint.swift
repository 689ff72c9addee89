import Engine
import NumericCore
import Storage

/// The part of a checkpoint that says on what its bits depend.
package enum Fingerprint {
  /// The fingerprint of this process as JSON.
  package static var json: JSONValue {
    let own = ProcessorFingerprint()
    return [
      "blas_core": .string(own.blasCore), "blas_build": .string(own.blasBuild),
      "features": .array(own.features.map { .string($0) }),
      "second_level_cache": JSONValue(own.secondLevelCache),
      "compressed_density": JSONValue(KernelTable.committed(for: .present).density),
      "zstd": .string(Zstd.version),
    ]
  }
}
