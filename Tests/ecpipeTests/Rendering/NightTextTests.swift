import Nightly
import Testing
import ecpipe

@Suite("What is said of a night that somebody has to look at") struct NightTextTests {
  private func block(_ change: (inout NightReport) -> Void) -> [Substring] {
    var report = NightReport(name: "job", log: "/log")
    report.reason = "because"
    change(&report)
    return NightText.block(
      of: report, schedule: "/job.yaml", program: "./my bin/ecpipe",
      again: "ecpipe run job.yaml --nightly", job: "/runs/my job"
    ).split(separator: "\n")
  }

  @Test("a night that did not begin has nothing to go on with")
  func busy() {
    let lines = block { $0.exitCode = 10 }
    #expect(lines[0] == "ecpipe: the night did not begin (exit 10)")
    #expect(lines.last == "  log:         /log")
  }

  @Test("data that were refused would be again, so training on them all the same is offered")
  func refusedData() {
    let lines = block {
      $0.exitCode = 65
      $0.wayPast = .training
    }
    #expect(
      lines.last == "  train on it: ecpipe run job.yaml --nightly --set nightly.guard.action=warn")
    #expect(!lines.contains { $0.contains("go on with") })
  }

  @Test("of a network that was refused, the command that promotes it is said")
  func refusedNetwork() {
    let network = Contender(
      night: "2026-03-01T0230", sha256: "0", bytes: 1, weights: 1, sparsity: 0)
    let lines = block {
      $0.take(
        Decision(
          night: "2026-03-01T0230", time: "", outcome: .refused, reason: "because", champion: nil,
          challenger: network))
    }
    #expect(lines[0] == "ecpipe: tonight's network was not promoted (exit 12)")
    #expect(lines.last == "  promote it:  './my bin/ecpipe' promote '/runs/my job' 2026-03-01T0230")
  }

  @Test("any other failure goes on with the same command")
  func failed() {
    #expect(block { _ in }.last == "  go on with:  ecpipe run job.yaml --nightly")
  }
}
