import Foundation
import Testing
import ecpipe

@Suite("Text for a terminal") struct ShownTextTests {
  @Test("what a terminal obeys is written out, and what it shows stays")
  func obeyed() {
    #expect(ShownText.of("größe 日本 ❤️\t1\n2") == "größe 日本 ❤️\t1\n2")
    #expect(ShownText.of("a\u{1B}[2J\rb") == "a\\u{1B}[2J\\rb")
    #expect(ShownText.of("\u{9B}1m\u{202E}x\u{7}") == "\\u{009B}1m\\u{202E}x\\u{07}")
  }

  @Test("what the program itself says to a terminal stays where that is one")
  func own() {
    let text = Style(usesColour: true).bad("a") + "\u{1B}[5mb"
    #expect(ShownText.of(text, keeping: Style.sequences) == "\u{1B}[31ma\u{1B}[0m\\u{1B}[5mb")
    #expect(ShownText.of(text) == "\\u{1B}[31ma\\u{1B}[0m\\u{1B}[5mb")
    var line = LiveLine()
    let drawn =
      line.drawing("x", cells: 1, columns: 80) + line.drawing("y", cells: 200, columns: 80)
      + line.erasing(columns: 80)
    #expect(ShownText.of(drawn, keeping: LiveLine.sequences) == drawn)
  }

  @Test("names of files and columns are printed by every command as one line of text")
  func commands() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let name = "e\u{1B}[31mv\nil\u{9B}2J"
      try place.write(place.bytes("flowers.csv"), to: name + ".csv")
      try place.write(
        SmallRun.flowers().replacing("setosa", with: "\u{1B}]0;x\u{7}"), to: "flowers.csv")
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      try FileManager.default.copyItem(
        atPath: place.file("checkpoints/small"), toPath: place.file("checkpoints/" + name))
      try place.write("{}", to: "checkpoints/\(name)/run.json")
      let commands = [
        ["list"], ["show", "small"], ["status", name], ["show", name], ["verify", name],
        ["init", name + ".yaml", "--csv", name + ".csv"], ["plan", name + ".yaml"],
        ["predict", "small", "--data", name + ".csv", "--output", name + ".npy"],
        ["evaluate", "small", "--data", name + ".csv"], ["diff", "small", name], ["report", name],
        ["doctor", "--checkpoints", name], ["gc", name], ["export", name, "--output", name + ".c"],
      ]
      for command in commands {
        let outcome = try place.run(command)
        let obeyed = (outcome.output + outcome.errors).unicodeScalars.filter {
          $0 != "\n" && $0.properties.generalCategory == .control
        }
        #expect(obeyed.isEmpty, "\(command): \(outcome.output)\(outcome.errors)")
      }
      #expect(try place.run("list").output.contains("e\\u{1B}[31mv\\nil\\u{009B}2J "))
    }
  }
}
