import Glibc
import Programs
import Storage
import TestSupport
import Testing

/// Other tests go on meanwhile: what has to have happened before a limit has seconds for it.
@MainActor @Suite("Program", .early, .timeLimit(.minutes(2))) struct ProgramTests {
  private let folder: TemporaryFolder
  nonisolated private static let path = ["PATH": "/usr/bin:/bin"]

  init() throws { folder = try TemporaryFolder() }

  /// A shell that runs `script`.
  private func shell(
    _ script: String, _ words: [String] = [], environment: [String: String] = path,
    input: [UInt8] = [], limit: Duration = .seconds(600)
  ) -> Program {
    Program(
      "sh", ["-c", script, "sh"] + words, environment: environment, folder: folder.path,
      input: input, limit: limit)
  }

  /// Whether there is a process `pid` that has not ended.
  private func isRunning(_ pid: pid_t) -> Bool {
    guard let text = try? FilePaths.read("/proc/\(pid)/stat", limit: 4096) else { return false }
    // Behind the name, which may hold anything, and a space.
    let state = String(decoding: text, as: UTF8.self).split(separator: ")").last?.dropFirst().first
    return state != "Z" && state != "X"
  }

  /// Whether process `pid` ends, or has; to be killed takes it a moment.
  private func hasEnded(_ pid: pid_t) -> Bool {
    for _ in 0..<2000 {
      if !isRunning(pid) { return true }
      usleep(5_000)
    }
    return false
  }

  /// The numbers in the file `name`, of which there are `count`.
  private func pids(_ name: String, count: Int) throws -> [pid_t] {
    let text = try folder.text(name)
    let pids = text.split(separator: "\n").compactMap { pid_t($0) }
    try #require(pids.count == count)
    return pids
  }

  @Test(
    "a limit that leaves no room for the threads that watch a program is told, where all would wait for ever"
  )
  func addressSpace() {
    #expect(Program.lack(of: nil) == nil)
    #expect(Program.lack(of: 300 << 20) == nil)
    let lack = Program.lack(of: 20 << 20)
    #expect(lack == MemoryLack(needed: 128 << 20, present: 20 << 20))
  }

  @Test("words, folder and both streams go through as they are")
  func words() throws {
    let outcome = try shell(
      #"printf '%s|' "$@"; pwd; echo wrong >&2; exit 3"#, ["a b", "", "'\"$x`\\\n*", "ü"]
    ).run()
    #expect(outcome.outputText == "a b||'\"$x`\\\n*|ü|\(folder.path)\n")
    #expect(outcome.errorText == "wrong\n")
    #expect(outcome.ending == .exited(3))
    #expect(!outcome.isSuccess)
    #expect(!outcome.ranOutOfTime)
    #expect(try shell("exit 0").run().isSuccess)
  }

  @Test("a signal is told from an exit code of the same number")
  func signals() throws {
    #expect(try shell("kill -KILL $$").run().ending == .signaled(SIGKILL))
    #expect(try shell("exit 9").run().ending == .exited(9))
    #expect(try shell("exit 137").run().ending == .exited(137))
  }

  @Test("input arrives whole, also more than a pipe holds, and its end is seen")
  func input() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    let outcome = try shell("cat > copy; echo done", input: bytes).run()
    #expect(outcome.outputText == "done\n")
    #expect(try folder.read("copy") == bytes)
    #expect(try shell("wc -c").run().outputText == "0\n")
  }

  @Test("a program that does not read its input ends as it would")
  func unreadInput() throws {
    let bytes = [UInt8](repeating: 1, count: 1 << 20)
    #expect(try shell("exit 4", input: bytes).run().ending == .exited(4))
    #expect(try shell("exec <&-; echo on", input: bytes).run().outputText == "on\n")
  }

  @Test("of each stream the first 64 KiB are kept, and the program is not held up by the rest")
  func boundedOutput() throws {
    let outcome = try shell(
      "yes out | head -c 3000000; yes err | head -c 2000000 >&2; echo end > end"
    ).run()
    #expect(outcome.isSuccess)
    #expect(outcome.output.count == 65_536)
    #expect(outcome.outputText.hasPrefix("out\nout\n"))
    #expect(outcome.errors.count == 65_536)
    #expect(outcome.errorText.hasPrefix("err\nerr\n"))
    #expect(try folder.text("end") == "end\n")
    var program = shell("printf 12345")
    program.captured = 4
    #expect(try program.run().outputText == "1234")
  }

  @Test("when the time is up all that a program has started ends with it")
  func timeLimit() throws {
    // The second hears no SIGTERM.
    let outcome = try shell(
      """
      sleep 600 & echo $! > pids
      (trap '' TERM; echo $(sh -c 'echo $PPID') >> pids; sleep 600) &
      echo $$ >> pids; echo said; wait
      """, limit: .seconds(4)
    ).run()
    #expect(outcome.ranOutOfTime)
    #expect(!outcome.isSuccess)
    #expect(outcome.ending == .signaled(SIGTERM))
    #expect(outcome.outputText == "said\n")
    for pid in try pids("pids", count: 3) { #expect(hasEnded(pid)) }
  }

  @Test("a program that hears no SIGTERM is killed; one that does may tidy up")
  func grace() throws {
    let stubborn = Program(
      "sh", ["-c", "trap '' TERM; while :; do sleep 1; done"], environment: Self.path,
      limit: .seconds(2), grace: .milliseconds(300))
    let start = ContinuousClock.now
    #expect(try stubborn.run().ending == .signaled(SIGKILL))
    #expect(ContinuousClock.now - start >= .milliseconds(2300))
    let tidy = try shell(
      "trap 'echo tidied; exit 5' TERM; sleep 600 & wait", limit: .seconds(2)
    ).run()
    #expect(tidy.ranOutOfTime)
    #expect(tidy.ending == .exited(5))
    #expect(tidy.outputText == "tidied\n")
  }

  @Test("a program that has closed its streams still has its time limit")
  func closedStreams() throws {
    let outcome = try shell("exec >&- 2>&- <&-; exec sleep 600", limit: .milliseconds(400)).run()
    #expect(outcome.ranOutOfTime)
    #expect(outcome.ending == .signaled(SIGTERM))
  }

  @Test("nobody waits for what a program that has ended left running")
  func leftover() throws {
    let start = ContinuousClock.now
    let outcome = try shell("echo said; sleep 600 & echo $! > pids").run()
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(outcome.isSuccess)
    #expect(outcome.outputText == "said\n")
    for pid in try pids("pids", count: 1) {
      #expect(isRunning(pid))
      kill(pid, SIGKILL)
    }
  }

  @Test("the environment is exactly what was given")
  func environment() throws {
    setenv("ECPIPE_TEST_SECRET", "hush", 1)
    let variables = ["PATH": "/usr/bin:/bin", "EMPTY": "", "ODD": "a=b\nc 'ü'"]
    let outcome = try Program(
      "env", ["-0"], environment: variables, limit: .seconds(600)
    ).run()
    #expect(
      Set(outcome.outputText.split(separator: "\0").map(String.init))
        == ["PATH=/usr/bin:/bin", "EMPTY=", "ODD=a=b\nc 'ü'"])
  }

  @Test("no descriptor of this process, and no signal that it ignores or blocks, is passed on")
  func inheritance() throws {
    let lock = try FileLock(path: folder.file("a.lock"), startedAt: "now")
    // As a careless library would open it.
    let open = Glibc.open(folder.path, O_RDONLY)
    defer { close(open) }
    let outcome = try shell("ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status").run()
    let lines = outcome.outputText.split(separator: "\n")
    // The fourth is the folder that ls lists.
    #expect(lines.prefix(4) == ["0", "1", "2", "3"])
    let signals = lines.dropFirst(4).compactMap { UInt64($0.suffix(16), radix: 16) }
    try #require(signals.count == 2)
    // Numbers 32 and 33 belong to the C library.
    #expect(signals.map { $0 & ~0x1_8000_0000 } == [0, 0])
    withExtendedLifetime(lock) {}
  }

  @Test("descriptors do not grow in number from one program to the next")
  func descriptors() throws {
    _ = try shell("exit 0").run()
    // Other tests open files meanwhile, and close them again.
    func count() -> Int {
      (0..<20).map { _ in
        usleep(2_000)
        return FilePaths.entries(of: "/proc/self/fd").count
      }.min() ?? 0
    }
    let before = count()
    for _ in 0..<20 {
      _ = try shell("cat", input: [1, 2, 3]).run()
      _ = try? Program("no-such-program", environment: Self.path, limit: .seconds(600)).run()
      _ = try? Program("/no/such", environment: [:], folder: "/no", limit: .seconds(600)).run()
    }
    #expect(count() < before + 20)
  }
}
