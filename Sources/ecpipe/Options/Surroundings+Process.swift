import NumericCore
import Storage

extension Surroundings {
  /// Those of this process.
  static let process = Surroundings(
    now: { Timestamp.now }, environment: { Output.environment($0) },
    freeSpace: { FreeSpace.bytes(at: $0) }, memory: { MemoryAllowance.present },
    peakMemory: { MemoryAllowance.peak }, threads: { ThreadOptions.usual })

  /// The same of a process that has no memory to multiply in yet, and says what one that has it can do.
  var beforeProducts: Surroundings {
    var surroundings = self
    surroundings.memory = {
      MemoryAllowance.present.map { max(0, $0 - ProductBuffers.needed(threads: 1)) }
    }
    return surroundings
  }
}
