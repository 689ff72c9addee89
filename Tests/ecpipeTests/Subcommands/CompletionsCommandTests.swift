import Foundation
import Testing

@Suite("ecpipe completions")
struct CompletionsCommandTests {
  /// What bash offers for the last of `words`.
  private func offered(_ words: String..., in place: Workplace) throws -> [String] {
    let script = """
      source <("$0" completions bash)
      COMP_WORDS=("$0" "$@"); COMP_CWORD=$#; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _ecpipe "$0" "${@: -1}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try RunningProgram(
      "/bin/bash", ["-c", script, try Program.path()] + words, in: place.path
    ).outcome()
    #expect(outcome.errors == "")
    return outcome.output.split(separator: "\n").map(String.init).sorted()
  }

  @Test("commands, options, words of options and files are completed by bash")
  func words() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      #expect(try offered("pr", in: place) == ["predict", "promote", "prune"])
      #expect(try offered("run", "--qu", in: place) == ["--quiet"])
      #expect(try offered("run", "", in: place).contains("small.yaml"))
      #expect(try !offered("run", "", in: place).contains("flowers.csv"))
      #expect(try offered("predict", "m", "--data", "fl", in: place) == ["flowers.csv"])
      #expect(try offered("prune", "m", "--criterion", "magn", in: place) == ["magnitude"])
      #expect(try offered("completions", "", in: place) == ["bash", "fish", "zsh"])
    }
  }

  @Test("names of runs, stages, settings and layers are completed by bash")
  func names() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      #expect(try place.run("run", "small.yaml", "--until", "train").code == 0)
      #expect(try offered("resume", "", in: place) == ["small"])
      #expect(try offered("status", "s", in: place) == ["small"])
      #expect(try offered("show", "sma", in: place).contains("small"))
      #expect(try offered("show", "checkpoints/", in: place) == ["checkpoints/small"])
      #expect(try offered("resume", "--checkpoints", "elsewhere", "", in: place) == [])
      let stages = ["alternate/01/finetune", "alternate/01/prune"]
      #expect(try offered("run", "small.yaml", "--until", "alternate/01", in: place) == stages)
      #expect(try offered("resume", "small", "--from", "alternate/01", in: place) == stages)
      #expect(try offered("replay", "ev", in: place) == ["evaluate"])
      #expect(
        try offered("run", "small.yaml", "--set", "training.b", in: place) == ["training.batch="])
      let layers = try offered(
        "run", "small.yaml", "--set", "stages[2].alternate.budget.layers.", in: place)
      #expect(
        layers
          == ["hidden1", "hidden2", "output"].map {
            "stages[2].alternate.budget.layers.\($0).keep="
          })
    }
  }

  @Test("a schedule that is wrong, or no run, offers nothing and says nothing")
  func nothing() throws {
    try Workplace.with { place in
      try place.write("version: x", to: "bad.yaml")
      #expect(try offered("run", "bad.yaml", "--until", "", in: place) == [])
      #expect(try offered("replay", "", in: place) == [])
      #expect(try offered("history", "", in: place) == [])
    }
  }

  @Test("each shell that is here takes its script", arguments: ["bash", "zsh", "fish"])
  func syntax(shell: String) throws {
    try Workplace.with { place in
      let outcome = try place.run("completions", shell)
      #expect(outcome.code == 0 && outcome.output.contains("ecpipe"))
      try place.write(outcome.output, to: "script")
      for folder in ["/bin/", "/usr/bin/"]
      where FileManager.default.isExecutableFile(atPath: folder + shell) {
        let checked = try RunningProgram(folder + shell, ["-n", "script"], in: place.path).outcome()
        #expect(checked.code == 0 && checked.errors == "", "\(checked.errors)")
      }
    }
  }

  @Test("another shell is an error that names those that there are")
  func unknown() throws {
    try Workplace.with { place in
      let outcome = try place.run("completions", "tcsh")
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains("bash") && outcome.errors.contains("fish"))
    }
  }
}
