import NumericCore
import Testing

@Suite("ProcessorFingerprint")
struct ProcessorFingerprintTests {
  @Test("It names the BLAS kernels and build, and is the same all through a process")
  func process() {
    let fingerprint = ProcessorFingerprint()
    #expect(!fingerprint.blasCore.isEmpty)
    #expect(fingerprint.blasBuild.contains("OpenBLAS"))
    #expect(fingerprint.secondLevelCache >= 0)
    _ = WorkerPool(threadCount: 2)
    #expect(ProcessorFingerprint() == fingerprint)
  }
}
