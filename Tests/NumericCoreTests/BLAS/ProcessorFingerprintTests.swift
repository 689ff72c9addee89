import NumericCore
import Testing

@Suite("ProcessorFingerprint")
struct ProcessorFingerprintTests {
  @Test("It names the BLAS kernels and build and the C library, and stays the same in a process")
  func process() {
    let fingerprint = ProcessorFingerprint()
    #expect(!fingerprint.blasCore.isEmpty)
    #expect(fingerprint.blasBuild.contains("OpenBLAS"))
    #expect(fingerprint.secondLevelCache >= 0)
    #expect(fingerprint.mathLibrary.wholeMatch(of: /glibc \d+\.\d+/) != nil)
    _ = WorkerPool(threadCount: 2)
    #expect(ProcessorFingerprint() == fingerprint)
  }
}
