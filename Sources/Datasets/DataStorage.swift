/// Where inputs are while they are learnt. Nothing that is computed depends on it.
package enum DataStorage: String, Sendable, CaseIterable {
  /// All of them in memory.
  case memory
  /// In their file, from which they are read again and again.
  case file
}
