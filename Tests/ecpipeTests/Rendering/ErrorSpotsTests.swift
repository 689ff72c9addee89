import Runs
import Testing
import ecpipe

@Suite("Errors on a terminal")
struct ErrorSpotsTests {
  /// What is shown of the error of planning `schedule`.
  private func shown(_ schedule: String, in place: Workplace) throws -> [String] {
    try SmallRun.write(to: place)
    try place.write(schedule, to: "bad.yaml")
    let options = RunSession.Options(
      checkpoints: place.file("checkpoints"), surroundings: .still, continueCommand: "")
    do {
      _ = try RunSession(schedulePath: place.file("bad.yaml"), options: options).preview()
      return []
    } catch {
      let text = ErrorSpots(of: error).placed(
        in: message(of: error), width: 60, Style(usesColour: false))
      return text.replacing(place.path + "/", with: "").split(separator: "\n").map(String.init)
    }
  }

  @Test("all problems of a schedule are underlined, each below its message")
  func schedule() throws {
    let text = SmallRun.schedule.replacing("seed: 3", with: "seed: three")
      .replacing("hidden: [8, 5]", with: "hiden: [8, 5]")
    let lines = try Workplace.with { try shown(text, in: $0) }
    let first = try #require(lines.firstIndex { $0.hasPrefix("bad.yaml:3:7: seed: ") })
    #expect(lines[first + 1] == "   3 | seed: three")
    #expect(lines[first + 2] == "     |       ^~~~~")
    let second = try #require(lines.firstIndex { $0.contains(": model.hiden: unknown key") })
    #expect(lines[second + 1].hasSuffix(" |   hiden: [8, 5]"))
    #expect(lines[second + 2] == "     |   ^~~~~")
  }

  @Test("a field of a CSV is underlined")
  func data() throws {
    let lines = try Workplace.with { place in
      try place.write("a,b,kind\n1,2,x\n3,4 5,y\n6,7,x\n", to: "odd.csv")
      return try shown(
        SmallRun.schedule.replacing("flowers.csv", with: "odd.csv"), in: place)
    }
    let index = try #require(lines.firstIndex { $0.contains("4 5") })
    #expect(lines[index + 1] == "   3 | 3,4 5,y", "\(lines)")
    #expect(lines[index + 2] == "     |   ^~~")
  }

  @Test("a line that is named elsewhere than in the message has no place there")
  func elsewhere() {
    let text = ErrorSpots(of: RunFailure.invalid("a")).placed(
      in: "a\nb", width: 60, Style(usesColour: false))
    #expect(text == "a\nb")
  }

  @Test("the program underlines on a terminal, and elsewhere says it in one line")
  func program() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write("version: 1\nname: a\nseed: x\n", to: "bad.yaml")
      func shown(_ environment: [String: String]) throws -> String {
        let terminal = try Terminal()
        return terminal.text(
          of: try place.start(
            ["plan", "bad.yaml"], environment: environment, terminal: terminal.path)
        )
      }
      #expect(try shown(["TERM": "xterm", "NO_COLOR": "1"]).contains("|       ^\r\n"))
      #expect(try shown(["TERM": "xterm"]).contains("\u{1b}[31m^\u{1b}[0m"))
      #expect(try !shown(["TERM": "dumb"]).contains("^"))
      #expect(try !shown(["TERM": "xterm", "ACCESSIBLE": "1"]).contains("^"))
      #expect(try !place.run("plan", "bad.yaml").errors.contains("^"))
    }
  }
}
