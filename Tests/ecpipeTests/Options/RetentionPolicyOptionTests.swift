import Runs
import Schedules
import Testing
import ecpipe

@Suite("Option --keep") struct RetentionPolicyOptionTests {
  @Test("a policy on a command line")
  func parsing() throws {
    #expect(try RetentionPolicy(parsing: "last=3") == RetentionPolicy(last: 3))
    #expect(
      try RetentionPolicy(parsing: "weekly=4,daily=7,best=1,last=0")
        == RetentionPolicy(last: 0, best: 1, daily: 7, weekly: 4))
    for text in [
      "", "last", "last=", "last=-1", "last=+1", "last=1,", "last=1,last=2", "lats=1", "last=1.5",
      "last=99999999999999999999", "last=1000001", "last=1=2",
    ] {
      let failure = try #require(throws: RunFailure.self, "\(text)") {
        try RetentionPolicy(parsing: text)
      }
      #expect(failure.exitCode == 64)
      #expect("\(failure)".hasPrefix("--keep \(text): write all, or some of last=N,"))
    }
  }
}
