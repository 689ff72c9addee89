import Foundation
import Glibc
import Testing

/// Commands under limits of the shell's `ulimit`, which is all that stands between them and the system.
@Suite("Limits")
struct LimitTests {
  /// Runs `ecpipe` with `arguments` behind `limits`, commands of a shell.
  private func run(_ place: Workplace, _ limits: String, _ arguments: String...) throws -> Outcome {
    try RunningProgram(
      "/bin/sh", ["-c", limits + #"; exec "$0" "$@""#, Program.path()] + arguments, in: place.path
    ).outcome()
  }

  @Test(
    "too little address space for products: exit code 1 says how much, and never waits for it",
    arguments: [(200_000, "1"), (330_000, "2"), (500_000, "8")])
  func productBuffers(kilobytes: Int, threads: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let commands = [
        ["run", "small.yaml"], ["bench", "--only", "train"],
      ]
      for command in commands {
        let outcome = try RunningProgram(
          "/bin/sh",
          ["-c", #"ulimit -v \#(kilobytes); exec "$0" "$@""#, Program.path()] + command
            + ["--threads", threads], in: place.path
        ).outcome()
        #expect((outcome.code, outcome.output) == (1, ""), "\(outcome.errors)")
        #expect(
          outcome.errors.contains(#/^ecpipe: products of matrices on \d threads? need \d+ MiB/#))
        #expect(outcome.errors.split(separator: "\n").count == 1)
      }
      #expect(place.names(in: "checkpoints").isEmpty)
      // What computes nothing needs no buffers.
      #expect(try run(place, "ulimit -v \(kilobytes)", "validate", "small.yaml").code == 0)
    }
  }

  @Test(
    "enough address space for some threads is enough for them",
    arguments: [(500_000, "1"), (480_050, "2")])
  func enough(kilobytes: Int, threads: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let outcome = try run(
        place, "ulimit -v \(kilobytes)", "run", "small.yaml", "--quiet", "--threads", threads)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
  }

  @Test(
    "a network beyond the memory there is: exit code 65 in validate, plan and run, with the need")
  func beyondMemory() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let wide = ["--set", "model.hidden=[1000000, 1000000]"]
      for command in ["validate", "plan", "run"] {
        let outcome = try place.run([command, "small.yaml"] + wide)
        #expect((outcome.code, outcome.output) == (65, ""))
        #expect(
          outcome.errors.contains(
            #/^ecpipe: stage \S+ takes at least \d+ MiB of memory \(weights \d+, moments \d+, data 1, /#
          ), "\(outcome.errors)")
      }
      // What a machine has, and a limit does not let it have.
      let limited = try run(
        place, "ulimit -v 1000000", "plan", "small.yaml", "--set", "model.hidden=[10000, 10000]")
      #expect(limited.code == 65, "\(limited.errors)")
      #expect(place.names(in: "checkpoints").isEmpty)
    }
  }

  @Test("a model's file, or what is made of it, beyond the memory there is: exit code 65")
  func largeModel() throws {
    try Workplace.with { place in
      try place.write(
        OwnNetwork.file([
          ("0.weight", [4000, 4000], Array(repeating: 0.5, count: 16_000_000)),
          ("0.bias", [4000], Array(repeating: 0, count: 4000)),
        ]), to: "large.safetensors")
      for words in [["show"], ["export", "--output", "e.safetensors"]] {
        let outcome = try RunningProgram(
          "/bin/sh",
          [
            "-c", #"ulimit -v 150000; exec "$0" "$@""#, Program.path(), words[0],
            "large.safetensors",
          ]
            + words.dropFirst(), in: place.path
        ).outcome()
        #expect((outcome.code, outcome.output) == (65, ""), "\(words): \(outcome.errors)")
        #expect(
          outcome.errors.contains(
            #/^ecpipe: large\.safetensors: the file has \d+ bytes, and \d+ are/#))
      }
      #expect(place.names(in: ".") == ["large.safetensors"])
    }
  }

  @Test("refused threads and a nearly full table of descriptors: the same bits, or an error")
  func scarce() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      let expected = try place.checkpoints(of: "small")
      // Stacks of 900 MB: the system refuses every thread.
      let alone = try run(
        place, "ulimit -s 900000; ulimit -v 1500000", "run", "small.yaml", "--quiet", "--fresh",
        "--threads", "2")
      #expect(alone.code == 0, "\(alone.errors)")
      #expect(try place.checkpoints(of: "small") == expected)
      for count in 4...6 {
        let outcome = try run(
          place, "ulimit -n \(count)", "run", "small.yaml", "--quiet", "--fresh")
        #expect(outcome.code == 0 || outcome.code == 1, "\(count): \(outcome.errors)")
        if outcome.code == 1 {
          #expect(outcome.errors.contains("Too many open files; raise the limit on open files"))
        }
        #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
        #expect(try place.checkpoints(of: "small") == expected)
      }
    }
  }

  @Test("a file beyond the limit on sizes is a write error; without the limit the run goes on")
  func fileSize() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--quiet").code == 0)
      let expected = try place.checkpoints(of: "small")
      try FileManager.default.removeItem(atPath: place.file("checkpoints"))
      // 512 bytes.
      let outcome = try run(place, "ulimit -f 1", "run", "small.yaml", "--quiet")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("write failed: File too large; raise the limit"))
      #expect(!place.names(in: "checkpoints/small").contains { $0.hasSuffix(".partial") })
      #expect(try place.run("run", "small.yaml", "--quiet").code == 0)
      #expect(try place.checkpoints(of: "small") == expected)
    }
  }

  @Test("a full, or closed, standard output is an error that is named as such")
  func standardOutput() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let full = try run(place, "exec >/dev/full", "plan", "small.yaml")
      #expect(full.code == 1)
      #expect(full.errors == "ecpipe: standard output: write failed: No space left on device\n")
      let closed = try run(place, "exec >&-", "plan", "small.yaml")
      #expect(closed.code == 1)
      #expect(closed.errors == "ecpipe: standard output: write failed: Bad file descriptor\n")
    }
  }

  @Test(
    "one thread is one thread, whatever the environment has or lacks",
    arguments: [[], ["A=1"], ["LD_BIND_NOW=1", "OPENBLAS_VERBOSE=0"], ["PATH=/bin"]])
  func emptyEnvironment(variables: [String]) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map {
        ["LD_LIBRARY_PATH=\($0)"]
      }
      let program = try RunningProgram(
        "/usr/bin/env",
        ["-i"] + variables + (library ?? []) + [
          Program.path(), "run", "small.yaml", "--threads", "1", "--set",
          "stages[0].train.epochs=1000000",
        ], in: place.path)
      try program.wait(for: "the run to begin") { program.output.contains("to do") }
      let threads = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(program.pid)/task")
      #expect(threads.count == 1)
      program.signal(SIGTERM)
      #expect(try program.outcome().code == 75)
    }
  }

  @Test("the environment is whole for schedules, whatever was borrowed while libraries were loaded")
  func environment() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      for name in ["PATH", "HOME", "OPENBLAS_NUM_THREADS"] {
        let text = SmallRun.schedule.replacing("name: small", with: "name: \"${\(name)}\"")
        try place.write(text, to: "named.yaml")
        let program = try RunningProgram(
          Program.path(), ["validate", "named.yaml", "--json"], in: place.path,
          environment: ["PATH": "path", "HOME": "home", "OPENBLAS_NUM_THREADS": "3"])
        let outcome = try program.outcome()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
          outcome.output.contains(
            "\"name\": \"\(["PATH": "path", "HOME": "home"][name] ?? "3")\""))
      }
    }
  }
}
