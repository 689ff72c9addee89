import Testing

/// Has the tests of a suite begin before others, whatever their number of steps.
///
/// Tests take turns: each step of one, such as to begin its time limit, stands behind all that others have to
/// do, so a suite whose tests have a step more begins when all others are through. Of tests that wait for
/// programs on the main actor nothing is left to do meanwhile by then. A higher priority lets them begin at once.
package struct EarlyTrait: SuiteTrait, TestScoping {
  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // The tasks of the tests inherit it.
    withUnsafeCurrentTask { $0?.escalatePriority(to: .high) }
    try await function()
  }
}

extension Trait where Self == EarlyTrait {
  /// The tests of the suite begin before others.
  package static var early: Self { Self() }
}
