import NumericCore
import Testing

@Suite("ThreadChoice")
struct ThreadChoiceTests {
  /// Has `choice` take `count` pieces that last `all` or `alone` seconds, and returns how many went on all threads.
  private func take(
    _ count: Int, all: Double, alone: Double, by choice: inout ThreadChoice
  ) -> Int {
    var shared = 0
    for _ in 0..<count {
      if choice.usesAllThreads { shared += 1 }
      choice.note(choice.usesAllThreads ? all : alone)
    }
    return shared
  }

  @Test("Both ways are tried, and the faster one is kept")
  func faster() {
    var first = ThreadChoice()
    #expect(take(64, all: 9e-5, alone: 8e-5, by: &first) == 32)
    #expect(take(2_000, all: 9e-5, alone: 8e-5, by: &first) == 0)
    var second = ThreadChoice()
    #expect(take(64, all: 8e-5, alone: 9e-5, by: &second) == 32)
    #expect(take(2_000, all: 8e-5, alone: 9e-5, by: &second) == 2_000)
  }

  @Test("A machine that changes is noticed, whichever way it changes")
  func change() {
    var choice = ThreadChoice()
    _ = take(64, all: 9e-5, alone: 8e-5, by: &choice)
    #expect(!choice.usesAllThreads)
    // What is left of the pieces that the choice is kept for, and a try of the other way.
    #expect(take(2_032, all: 5e-5, alone: 8e-5, by: &choice) == 32)
    #expect(take(2_000, all: 5e-5, alone: 8e-5, by: &choice) == 2_000)
    // Threads get slow: the kept way counts what it takes by now.
    #expect(take(32, all: 2e-4, alone: 8e-5, by: &choice) == 0)
    #expect(choice.usesAllThreads)
    #expect(take(2_000, all: 2e-4, alone: 8e-5, by: &choice) == 2_000)
    #expect(take(32, all: 2e-4, alone: 8e-5, by: &choice) == 0)
    #expect(!choice.usesAllThreads)
  }

  @Test("The first pieces of a try are not counted")
  func unsettled() {
    var choice = ThreadChoice()
    _ = take(4, all: 1, alone: 1, by: &choice)
    _ = take(28, all: 8e-5, alone: 9e-5, by: &choice)
    _ = take(32, all: 8e-5, alone: 9e-5, by: &choice)
    #expect(choice.usesAllThreads)
  }

  @Test("Long pieces are always shared")
  func long() {
    var choice = ThreadChoice()
    #expect(take(10_000, all: 2e-3, alone: 1e-3, by: &choice) == 10_000)
  }
}
