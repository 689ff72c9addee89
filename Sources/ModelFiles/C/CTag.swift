import Storage

/// What keeps files of two exports from being compiled together: a number in the header that follows from every
/// byte of all files, which the others ask for.
enum CTag {
  /// Stands for the number until all texts are there; a character that no text has, and no comment keeps.
  static let placeholder = "\u{1}"

  private static let byte: UInt8 = 1

  /// The bytes of `texts`, the files of one export, with the number in its places.
  static func tied(_ texts: [String]) -> [[UInt8]] {
    let files = texts.map { Array($0.utf8) }
    // 32 bits, which every preprocessor of C and C++ compares.
    let number = Array("0x\(Digest.sha256(Array(files.joined())).prefix(8))UL".utf8)
    return files.map { file in
      file.split(separator: byte, omittingEmptySubsequences: false).reduce(into: []) {
        bytes, part in
        if part.startIndex > 0 { bytes += number }
        bytes += part
      }
    }
  }
}
