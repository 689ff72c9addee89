import Foundation
import Nightly
import Runs
import Storage
import TestSupport
import Testing
import ecpipe

@Suite("The table of a nightly job") struct HistoryTableTests {
  @Test(
    "marks nights that were let go and nights with warnings, which follow; reasons are whole"
  )
  func marks() throws {
    let folder = try TemporaryFolder()
    let job = NightlyFolder(checkpoints: folder.path, name: "job")
    try job.make()
    try FilePaths.makeFolders(job.file("2026-03-02T0230"))
    let reason = String(repeating: "long ", count: 40)
    let lines = (1...2).map { day in
      SealedObject.line(of: [
        "night": .string("2026-03-0\(day)T0230"), "time": "2026-03-01T02:30:00Z",
        "outcome": "kept", "forced": false, "reason": .string(reason),
        "warnings": .array(day == 2 ? ["column a: psi 0.4"] : []),
      ]) + "\n"
    }
    try DurableFile.write(Array(lines.joined().utf8), to: job.decisions)
    let history = try NightHistory(job)
    let whole = HistoryTable.lines(of: history, history.decisions)
    #expect(whole[1].hasPrefix("2026-03-01T0230 -  kept  "))
    #expect(whole[2].hasPrefix("2026-03-02T0230    kept !"))
    #expect(whole.contains("! 2026-03-02T0230: column a: psi 0.4"))
    #expect(whole.contains("- let go: there is no way back to these nights"))
    #expect(whole[1].count > 250)
    let problems = Decision(
      night: "2026-03-03T0230", time: "", outcome: .failed,
      reason: "there are 2 problems (lines)\n  line 2: no\n  line 3: no", champion: nil)
    #expect(
      HistoryTable.lines(of: history, [problems])[1].hasSuffix(
        "there are 2 problems (lines): line 2: no; …"))
    let folded = HistoryTable.lines(of: history, history.decisions, width: 60)
    #expect(folded.prefix { $0 != "" }.allSatisfy { $0.displayWidth <= 60 })
    #expect(folded[2].hasPrefix("  because long long"))
    #expect(
      folded.joined().components(separatedBy: "long").count
        == whole.joined().components(separatedBy: "long").count)
  }
}
