import Testing

@Suite("The command line")
struct ECPipeTests {
  private static let commands = [
    "run", "resume", "plan", "validate", "status", "show", "evaluate", "predict", "export",
  ]

  @Test("--version prints the version alone")
  func version() throws {
    let outcome = try Workplace.with { try $0.run("--version") }
    #expect(outcome.code == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    #expect(outcome.errors == "")
  }

  @Test("--help of every command says what it is for", arguments: commands)
  func help(command: String) throws {
    try Workplace.with { place in
      let outcome = try place.run(command, "--help")
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("OVERVIEW: "))
      #expect(outcome.output.contains("USAGE: ecpipe \(command) "))
      // Every argument and option has a text.
      for line in outcome.output.split(separator: "\n") where line.hasPrefix("  -") {
        #expect(line.contains(#/  -\S.*  \S/#) || line.count > 24, "\(line)")
      }
      #expect(outcome.errors == "")
      #expect(try place.run("help", command).output == outcome.output)
    }
  }

  @Test("--help lists every command, and so does no argument at all")
  func overview() throws {
    try Workplace.with { place in
      let outcome = try place.run("--help")
      #expect(outcome.code == 0)
      for command in Self.commands { #expect(outcome.output.contains("\n  \(command) ")) }
      #expect(try place.run([]).output == outcome.output)
    }
  }

  @Test(
    "a wrong command line is exit code 64 and one message",
    arguments: [
      (["runn", "a.yaml"], "ecpipe: there is no command runn; did you mean run? Allowed: run, "),
      (["a.yaml"], "ecpipe: there is no command a.yaml; did you mean ecpipe run a.yaml?"),
      (["xyzzy"], "ecpipe: there is no command xyzzy. Allowed: run, resume, "),
      (["run"], "ecpipe: Missing expected argument '<schedule>'"),
      (["run", "a.yaml", "b.yaml"], "ecpipe: Unexpected argument 'b.yaml'"),
      (["run", "a.yaml", "--thread", "2"], "ecpipe: Unknown option '--thread'. Did you mean"),
      (
        ["evaluate", "m", "--csv", "a.csv"],
        "ecpipe: Unknown option '--csv'. Did you mean '--data'?\nUsage: "
      ),
      (
        ["init", "a.yaml", "--data", "a.csv"],
        "ecpipe: Unknown option '--data'. Did you mean '--csv'?"
      ),
      (
        ["init", "a.csv"],
        "ecpipe: a.csv: this is a file of data, and init writes a schedule; the table is named with "
          + "--csv: ecpipe init --csv a.csv\n"
      ),
      (
        ["run", "A.CSV.gz"], "ecpipe: A.CSV.gz: this is a file of data, and a schedule is wanted; "
      ),
      (["plan", "a.npy"], "ecpipe: a.npy: this is a file of data, and a schedule is wanted; "),
      (["run", "a.yaml", "--csv", "a.csv"], "ecpipe: Unknown option '--csv'"),
      (["run", "a.yaml", "--threads", "0"], "ecpipe: --threads 0 is out of range; allowed: "),
      (["run", "a.yaml", "--threads", "two"], "ecpipe: The value 'two' is invalid"),
      (["run", "a.yaml", "--set", "seed"], "ecpipe: --set seed: give it as KEY=VALUE, such as "),
      (["run", "a.yaml", "--set", "=1"], "ecpipe: --set =1: give it as KEY=VALUE, such as "),
      (["export", "m"], "ecpipe: Missing expected argument '--output <file>'"),
      (["export", "m", "--output", "m.pt"], "ecpipe: --output m.pt: the name has to end in "),
      (["predict", "m", "--data", "x.csv"], "ecpipe: Missing expected argument '--output <file>'"),
      (
        ["evaluate", "m", "--part", "all"],
        "ecpipe: The value 'all' is invalid for '--part <part>'"
      ),
      (
        ["evaluate", "m", "--part", "test", "--data", "x.csv"],
        "ecpipe: --part names a part of the run's own data, and --data x.csv is other data; "
      ),
      (["evaluate", "m", "--label", "a"], "ecpipe: --label and --labels belong to --data; "),
      (["evaluate", "m", "--data", "x.npy"], "ecpipe: --data x.npy holds no targets; "),
    ])
  func wrong(arguments: [String], start: String) throws {
    try Workplace.with { place in
      let outcome = try place.run(arguments)
      #expect(outcome.code == 64)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix(start), "\(outcome.errors)")
      #expect(place.snapshot().isEmpty)
    }
  }

  @Test("an instruction set that there is not is a wrong command line")
  func instructions() throws {
    try Workplace.with { place in
      let environment = ["ECPIPE_INSTRUCTIONS": "mmx"]
      let outcome = try place.run(["bench"], environment: environment)
      #expect(outcome.code == 64)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("ecpipe: ECPIPE_INSTRUCTIONS=mmx: "), "\(outcome.errors)")
    }
  }

  @Test("output that cannot be written is an error, a reader that goes away is none")
  func fullDisk() throws {
    try Workplace.with { place in
      let path = try Program.path()
      let full = try RunningProgram(
        "/bin/sh", ["-c", #""$0" --help > /dev/full"#, path], in: place.path
      ).outcome()
      #expect(full.code == 1)
      #expect(full.errors.hasPrefix("ecpipe: standard output: write failed: "))
    }
  }
}
