import Testing
import ecpipe

@Suite("Examples in the help")
struct HelpExamplesTests {
  /// The words of a command line, without the program's name and what only a shell reads.
  private func words(_ example: String) -> [String] {
    example.split(separator: " ").dropFirst().map(String.init).prefix { $0 != ">" }.map { $0 }
  }

  @Test(
    "every command has two or three, each a command line of its own", arguments: HelpExamples.all)
  func parse(command: HelpExamples.Command) {
    #expect((2...3).contains(command.examples.count), "\(command.name)")
    #expect(Set(command.examples).count == command.examples.count)
    for example in command.examples {
      #expect(
        example == "ecpipe \(command.name)" || example.hasPrefix("ecpipe \(command.name) "),
        "\(example)")
      // A terminal of 80 columns does not break it.
      #expect(example.displayWidth <= 76, "\(example)")
      #expect(HelpExamples.problem(with: words(example)) == nil, "\(example)")
    }
  }

  @Test("what is no command line is found")
  func wrong() {
    #expect(HelpExamples.all.count > 20)
    for words in [
      ["run"], ["run", "a.yaml", "--thread", "2"], ["export", "m", "--output", "m.pt"],
    ] {
      #expect(HelpExamples.problem(with: words) != nil)
    }
  }

  @Test("help ends with them, before the usage")
  func shown() throws {
    let help = try Workplace.with { try $0.run("help", "status") }
    #expect(
      help.output.contains(
        "\n\nEXAMPLES:\n  ecpipe status\n  ecpipe status digits --json\n\nUSAGE: "),
      "\(help.output)")
  }
}

extension HelpExamples.Command: CustomTestStringConvertible {
  public var testDescription: String { name }
}
