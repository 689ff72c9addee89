import NumericCore
import Storage

/// A piece of work whose time is measured: what the engine does in a run, on made-up data.
package struct TimedWork: Sendable {
  /// What is done, on which shapes; two works of one name take the same.
  package let name: String
  /// Prepares it; what comes back does it once, and says how many bytes it has made.
  let prepare: @Sendable (WorkBench) throws -> () throws -> Int?

  package init(
    name: String, prepare: @escaping @Sendable (WorkBench) throws -> () throws -> Int?
  ) {
    self.name = name
    self.prepare = prepare
  }
}

/// What works are measured with.
package struct WorkBench {
  package let pool: WorkerPool
  /// Whether the time for measuring is over; asked in the middle of what takes long.
  package let isOver: () -> Bool
  /// Where files may be written and are removed again; nil for nowhere.
  package let folder: String?

  package init(pool: WorkerPool, folder: String?, isOver: @escaping () -> Bool) {
    self.pool = pool
    self.folder = folder
    self.isOver = isOver
  }
}

/// Why a work has no time: it takes longer than measuring may.
package struct WorkTooLong: Error {
  package init() {}
}
