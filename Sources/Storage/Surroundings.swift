/// What work takes from the machine beside files. A parameter, so that tests give what they want.
package struct Surroundings: Sendable {
  /// Now, in UTC as ISO 8601: for people, never in a checkpoint or a key.
  package var now: @Sendable () -> String
  /// The value of an environment variable; nil where it is not set.
  package var environment: @Sendable (String) -> String?
  /// Bytes that are free where a path lies; nil where that is not known.
  package var freeSpace: @Sendable (String) -> Int?
  /// Bytes of memory that the process can have beside what it has; nil where that is not known.
  package var memory: @Sendable () -> Int?
  /// Bytes of memory that the process has had so far at most; nil where that is not known.
  package var peakMemory: @Sendable () -> Int?
  /// Threads that read data, at least 1; nothing that is read depends on it.
  package var threads: @Sendable () -> Int

  package init(
    now: @escaping @Sendable () -> String,
    environment: @escaping @Sendable (String) -> String?,
    freeSpace: @escaping @Sendable (String) -> Int?,
    memory: @escaping @Sendable () -> Int? = { nil },
    peakMemory: @escaping @Sendable () -> Int? = { nil },
    threads: @escaping @Sendable () -> Int = { 1 }
  ) {
    self.now = now
    self.environment = environment
    self.freeSpace = freeSpace
    self.memory = memory
    self.peakMemory = peakMemory
    self.threads = threads
  }
}
