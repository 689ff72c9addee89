/// The version of all arithmetic here: of kernels, training, statistics and pruning.
package enum EngineVersion {
  /// Raise it by one with every change that alters the bits of any result, on any processor: another
  /// order of a sum, another kernel, another default inside a formula. A change that leaves all bits
  /// alone leaves it alone, however large it is.
  ///
  /// It is part of every checkpoint's fingerprint and, through the root, of every stage's key: what
  /// another version has stored is computed anew, never gone on from. The golden digests of small runs
  /// hold it to that, and are written anew when it rises.
  package static let current = 5
}
