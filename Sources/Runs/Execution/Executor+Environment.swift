import NeuralNetworks
import NumericCore
import Storage

extension Executor {
  /// What the executor is given beside plan and store.
  package struct Environment {
    package let pool: WorkerPool
    /// Other processes that share steps of trainings; nil without any.
    package let ranks: RankGroup?
    package let events: EventSink
    /// Whether somebody asked to stop; asked on the thread that runs, between steps and within long ones.
    package let isInterrupted: () -> Bool
    /// The time that a long stage goes on without saving.
    package let saveEvery: Duration
    /// Reads the data, at most once, when the first stage needs them.
    package let loadData: () throws -> RunData
    /// The command that goes on, for the message of an interruption.
    package let continueCommand: String
    /// Whether a model made under other circumstances than these is an error rather than a warning.
    package let demandsSameFingerprint: Bool
    /// Time and free space.
    package let surroundings: Surroundings
    /// Measures what the layers of a network take in calls of so many samples.
    package let measureTimes: (Architecture, Int, WorkerPool) throws -> InferenceTimes

    package init(
      pool: WorkerPool, ranks: RankGroup? = nil, events: @escaping EventSink,
      isInterrupted: @escaping () -> Bool,
      saveEvery: Duration, continueCommand: String, demandsSameFingerprint: Bool = false,
      surroundings: Surroundings,
      measureTimes: @escaping (Architecture, Int, WorkerPool) throws -> InferenceTimes = {
        try InferenceTimes.measured(of: $0, batch: $1, pool: $2)
      },
      loadData: @escaping () throws -> RunData
    ) {
      self.pool = pool
      self.ranks = ranks
      self.events = events
      self.isInterrupted = isInterrupted
      self.saveEvery = saveEvery
      self.continueCommand = continueCommand
      self.demandsSameFingerprint = demandsSameFingerprint
      self.surroundings = surroundings
      self.measureTimes = measureTimes
      self.loadData = loadData
    }
  }
}
