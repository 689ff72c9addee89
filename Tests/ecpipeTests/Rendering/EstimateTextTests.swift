import Runs
import Testing
import ecpipe

@Suite("What a plan is expected to take, in words") struct EstimateTextTests {
  private func lines(timings: Int, file: String?) -> [String] {
    EstimateText.lines(
      of: PlanEstimate(stages: [.init(name: "train", seconds: nil, memory: 3 << 20, bytes: nil)]),
      EstimateBasis(
        machine: MachineIdentity(threads: 2), timings: timings, measured: 0, seconds: 0, file: file)
    )
  }

  @Test("where nothing is known of the machine, and nothing could be measured, that is said")
  func unknown() {
    let lines = lines(timings: 0, file: nil)
    #expect(lines[1] == "expected: 3 MiB of memory at most; seconds and bytes are not known")
    #expect(lines[2].hasPrefix("there are no timings of this machine ("))
    #expect(lines.count == 3)
  }

  @Test("what is known stands with where it is kept")
  func known() {
    let lines = lines(timings: 4, file: "/cache/times.json")
    #expect(lines[1].hasPrefix("expected: at least 0.00 s, "))
    #expect(lines[2].hasPrefix("based on 4 timings of this machine ("))
    #expect(lines[2].hasSuffix("; they are kept in /cache/times.json"))
  }
}
