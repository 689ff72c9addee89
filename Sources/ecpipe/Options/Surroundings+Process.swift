import Storage

extension Surroundings {
  /// Those of this process.
  static let process = Surroundings(
    now: { Timestamp.now }, environment: { Output.environment($0) },
    freeSpace: { FreeSpace.bytes(at: $0) }, memory: { MemoryAllowance.present })
}
