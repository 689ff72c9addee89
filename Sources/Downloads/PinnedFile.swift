/// A file of which every byte is known before it is had.
package struct PinnedFile: Sendable, Equatable {
  /// Its name here and on every mirror.
  package let name: String
  /// Its size.
  package let bytes: Int
  /// In hexadecimal digits.
  package let sha256: String

  /// A file.
  package init(name: String, bytes: Int, sha256: String) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
  }
}
