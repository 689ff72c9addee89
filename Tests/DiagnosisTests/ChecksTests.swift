import Cron
import Diagnosis
import Foundation
import NumericCore
import Storage
import TestSupport
import Testing

@Suite("What doctor finds") struct ChecksTests {
  private func levels(_ findings: [Finding]) -> [Finding.Level] { findings.map(\.level) }

  @Test("what is not well has advice, and what is well has none")
  func advice() {
    let cron = CronCheck(crontab: nil, daemons: [], program: "/tmp/ecpipe", jobs: [], curl: nil)
    for finding in cron.findings + LibraryCheck().findings + MemoryCheck().findings {
      #expect((finding.advice == nil) == (finding.level == .ok), "\(finding)")
    }
    #expect(LibraryCheck().findings[0].fact.contains("zstd \(Zstd.version)"))
  }

  @Test(
    "OpenBLAS's kernels for a lesser processor are a warning, with the name of better ones",
    arguments: [
      (InstructionSet.avx512, "Prescott", "SkylakeX"), (.avx512, "Haswell", "SkylakeX"),
      (.avx512, "Zen", "SkylakeX"), (.avx2, "Sandybridge", "Haswell"), (.avx512, "SkylakeX", nil),
      (.avx512, "Cooperlake", nil), (.avx2, "Zen", nil), (.avx2, "SkylakeX", nil),
      (.plain, "Prescott", nil), (.neon, "armv8", nil), (.avx512, "OfNextYear", nil),
    ] as [(InstructionSet, String, String?)])
  func blasCore(set: InstructionSet, core: String, better: String?) {
    let check = LibraryCheck(
      versions: [], blasBuild: "OpenBLAS 0.3.21 NO_LAPACKE", blasCore: core, set: set)
    let finding = check.findings[1]
    #expect(finding.fact.hasPrefix("OpenBLAS 0.3.21, core \(core)"))
    #expect(finding.level == (better == nil ? .ok : .warning))
    if let better { #expect(finding.advice?.contains("OPENBLAS_CORETYPE=\(better),") == true) }
  }

  @Test("a program with MPI says which one, and one without that it has none")
  func messagePassing() {
    let facts = LibraryCheck(messagePassing: "MPICH 4.0.2").findings.map(\.fact)
    #expect(facts.contains("MPI: MPICH 4.0.2"))
    #expect(LibraryCheck().findings.contains { $0.fact.hasPrefix("MPI: none; ") })
  }

  @Test("more threads than processors, or than control groups grant, slow down")
  func threads() {
    var check = ProcessorCheck(
      features: ["avx2+fma"], isX86: true, threads: 4, allowed: 4, quota: nil, load: 0.5)
    #expect(levels(check.findings) == [.ok, .ok])
    check.quota = 1.5
    #expect(check.findings[1].level == .warning)
    #expect(check.findings[1].advice?.hasSuffix("--threads 1") == true)
    check = ProcessorCheck(
      features: [], isX86: true, threads: 4, allowed: 2, quota: nil, load: nil)
    #expect(levels(check.findings) == [.warning, .warning])
    check = ProcessorCheck(
      features: [], isX86: false, threads: 2, allowed: 2, quota: nil, load: 9)
    #expect(levels(check.findings) == [.ok, .warning])
  }

  @Test(
    "a control group's line is a share of processors, or no limit",
    arguments: [
      ("200000 100000\n", 2.0), ("50000 100000", 0.5), ("max 100000\n", nil), ("-1 100000", nil),
      ("", nil),
    ])
  func quota(line: String, processors: Double?) {
    #expect(ProcessorCheck.quota(of: line) == processors)
  }

  @Test("little memory is a problem, low limits are named one by one")
  func memory() {
    let files = MemoryCheck.Limit(option: "-n", text: "open files", value: 20, least: 128)
    let size = MemoryCheck.Limit(option: "-f", text: "bytes of a file", value: nil, least: 1 << 20)
    var check = MemoryCheck(present: 8 << 30, available: 4 << 30, limits: [files, size])
    #expect(levels(check.findings) == [.ok, .warning])
    #expect(check.findings[1].fact == "open files: 20 allowed (ulimit -n)")
    check = MemoryCheck(present: 8 << 30, available: 100 << 20, limits: [size])
    #expect(levels(check.findings) == [.problem, .ok])
    check = MemoryCheck(present: 600 << 20, available: nil, limits: [])
    #expect(levels(check.findings) == [.warning, .ok])
  }

  @Test("a folder that cannot be written, without space or without locks is a problem")
  func folder() {
    let good = FolderCheck.Trial(syncMilliseconds: 3, locks: true, clockAhead: 0)
    var check = FolderCheck(
      path: "c", exists: true, fileSystem: "ext4", free: 9 << 30, trial: .success(good))
    #expect(levels(check.findings) == [.ok, .ok, .ok])
    check.free = 1 << 20
    #expect(check.findings[0].level == .problem)
    check.free = 500 << 20
    #expect(check.findings[0].level == .warning)
    check.fileSystem = "tmpfs"
    #expect(check.findings[0].fact.contains("tmpfs"))
    check.trial = .success(
      FolderCheck.Trial(syncMilliseconds: 900, locks: false, clockAhead: -3600))
    #expect(levels(check.findings) == [.warning, .warning, .problem, .warning])
    check.trial = .failure(StoreError(operation: "create", path: "c/x", code: EACCES))
    #expect(levels(check.findings) == [.warning, .problem])
  }

  @Test("a folder is tried out for real, also one that is not there, and nothing stays")
  func realFolder() throws {
    let folder = try TemporaryFolder()
    let here = FolderCheck(path: folder.path)
    #expect(here.exists && here.fileSystem != "unknown")
    let trial = try here.trial.get()
    #expect(trial.locks && trial.syncMilliseconds > 0 && abs(trial.clockAhead) < 60)
    let later = FolderCheck(path: folder.file("runs/deep"))
    #expect(!later.exists)
    #expect(try later.trial.get().locks)
    #expect(FilePaths.entries(of: folder.path).isEmpty)
  }

  @Test("a file in the place of the folder, or of one above it, is a problem")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "file")
    let file = folder.file("file")
    #expect(levels(FolderCheck(path: file).findings) == [.problem])
    let below = FolderCheck(path: file + "/runs").findings
    #expect(levels(below) == [.problem] && below[0].fact.contains("\(file) is no folder"))
    try DurableFile.link(folder.file("link"), to: "nowhere")
    #expect(levels(FolderCheck(path: folder.file("link")).findings) == [.problem])
  }

  @Test("a clock that says 1970, or goes back, is a problem")
  func clock() {
    #expect(levels(ClockCheck().findings) == [.ok, .ok])
    let check = ClockCheck(now: 0, text: "1970-01-01T00:00:00Z", isMonotonic: false)
    #expect(levels(check.findings) == [.problem, .problem])
  }

  @Test("narrow and dumb terminals, and languages without UTF-8, are pointed out")
  func terminal() {
    func check(_ width: Int?, _ variables: [String: String]) -> [Finding.Level] {
      levels(
        TerminalCheck(isTerminal: width != nil, width: width, variables: variables).findings)
    }
    #expect(check(120, ["TERM": "xterm", "LANG": "C.UTF-8"]) == [.ok, .ok])
    #expect(check(60, ["TERM": "xterm", "LANG": "de_DE.utf8"]) == [.warning, .ok])
    #expect(check(120, ["TERM": "dumb", "LANG": "C"]) == [.warning, .warning])
    #expect(check(nil, ["LANG": "C.UTF-8", "LC_ALL": "POSIX"]) == [.ok, .warning])
    let quiet = TerminalCheck(
      isTerminal: true, width: 90, variables: ["TERM": "xterm", "NO_COLOR": "1"])
    #expect(quiet.findings[0].fact == "90 columns, TERM=xterm, no colours, as NO_COLOR says")
  }

  @Test("jobs whose program or schedule is gone are problems")
  func jobs() {
    func job(_ program: String, _ schedule: String) -> InstalledJob {
      InstalledJob(
        name: "n", place: .crontab, at: "02:30", words: [program, "run", schedule, "--nightly"])
    }
    let check = CronCheck(
      crontab: "/usr/bin/crontab", daemons: ["cron"], program: "/usr/local/bin/ecpipe",
      jobs: [
        job("/nowhere/ecpipe", "/etc/passwd"), job("/bin/sh", "/nowhere.yaml"),
        job("/bin/sh", "/etc/passwd"),
      ],
      curl: "/usr/bin/curl")
    #expect(levels(check.findings) == [.ok, .ok, .ok, .problem, .problem, .ok])
  }

  @Test(
    "a program in a folder that passes is pointed out",
    arguments: ["/tmp/ecpipe", "/home/me/ecpipe/.build/release/ecpipe"])
  func passing(program: String) {
    let check = CronCheck(
      crontab: "/usr/bin/crontab", daemons: ["systemd"], program: program, jobs: [], curl: "/c")
    #expect(levels(check.findings) == [.ok, .warning, .ok])
  }
}
