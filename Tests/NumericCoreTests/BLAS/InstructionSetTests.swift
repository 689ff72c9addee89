import NumericCore
import Testing

@Suite("InstructionSet") struct InstructionSetTests {
  @Test("The plain set is always there, and the chosen one is among those that are")
  func present() {
    #expect(InstructionSet.present.first == .plain)
    #expect(InstructionSet.present.contains(.chosen))
  }

  @Test("No request, an empty one and a set that is there are fine", arguments: [nil, "", "avx2"])
  func granted(request: String?) throws {
    try InstructionSet.check(request: request, present: [.plain, .avx2])
  }

  @Test(
    "A word that names no set, or one that the processor lacks, is refused with those it has",
    arguments: [
      (
        "avx1024",
        "ECPIPE_INSTRUCTIONS=avx1024: there is no such instruction set; this processor has plain, avx2"
      ),
      ("avx512", "ECPIPE_INSTRUCTIONS=avx512: this processor does not have it; it has plain, avx2"),
    ])
  func refused(request: String, message: String) {
    let refusal = #expect(throws: InstructionSet.Refusal.self) {
      try InstructionSet.check(request: request, present: [.plain, .avx2])
    }
    #expect(refusal.map { "\($0)" } == message)
  }
}
