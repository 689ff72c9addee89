import ModelFiles
import Testing

@Suite("Options of files for others") struct ExportOptionsTests {
  @Test("what is asked for is known to the format or named")
  func unknown() {
    var options = ExportOptions()
    #expect(options.asked.isEmpty && options.unknown(to: StateDictFormat()) == nil)
    options.separateWeights = true
    options.prefix = "net"
    #expect(options.asked == [.separateWeights, .prefix])
    #expect(options.unknown(to: StateDictFormat()) == .separateWeights)
    #expect(options.unknown(to: CFormat()) == nil)
    #expect(ExportOption.separateWeights.commandLine == "--separate-weights")
  }

  @Test("a bound of what bytes cost needs bytes")
  func bound() {
    var options = ExportOptions()
    #expect(options.withoutInt8 == nil)
    options.maxDrop = 0.5
    #expect(options.withoutInt8 == .maxDrop)
    options.int8 = true
    #expect(options.withoutInt8 == nil && options.asked == [.int8, .maxDrop])
  }
}
