/// Why ranks share nothing of some work.
package enum SharingObstacle: String, Sendable, CaseIterable {
  /// Sharing would take longer.
  case costs
  /// Somebody demands it.
  case demand
  /// Inputs that stay in their file are rank 0's alone.
  case inputsInFile = "inputs_in_file"
  /// MPI counts what is sent at a time by 32 bits.
  case messageSize = "message_size"
  /// Every rank would be sent more than 256 MiB, and hold it twice.
  case memory
  /// It cannot be stopped before it is done, and that would be too long.
  case passLength = "pass_length"
}
