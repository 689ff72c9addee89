import Crypto

/// SHA-256 in hexadecimal.
package enum Digest {
  package static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

  /// That of the regular file at `path`, which is read in pieces.
  package static func sha256(fileAt path: String) throws(StoreError) -> String {
    var hash = SHA256()
    try FilePaths.forEachPiece(of: path) { hash.update(bufferPointer: $0) }
    return hexadecimal(hash.finalize())
  }

  package static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
