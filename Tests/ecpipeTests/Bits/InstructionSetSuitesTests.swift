import Foundation
import NumericCore
import Testing

/// The tests of the kernels and of what they are used for, with the kernels of every instruction set.
@Suite("Every instruction set") struct InstructionSetSuitesTests {
  @Test(
    "The tests of kernels pass with each set that this processor has, the chosen one aside",
    arguments: InstructionSet.present.filter { $0 != .chosen })
  func suites(set: InstructionSet) throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let tests = try RunningProgram(
      own,
      ["--testing-library", "swift-testing", "--filter", "^(NumericCoreTests|EngineTests)[.]"],
      in: FileManager.default.temporaryDirectory.path,
      environment: [InstructionSet.variable: set.rawValue])
    let outcome = try tests.outcome(within: .seconds(600))
    let said = outcome.output + outcome.errors
    #expect(outcome.code == 0, "\(said)")
    // A filter that matches nothing passes, too.
    let count = said.firstMatch(of: /Test run with (\d+) tests/).flatMap { Int($0.1) }
    #expect(count ?? 0 > 50, "\(said)")
  }
}
