import CLibcrypto

/// SHA-256 in hexadecimal.
package enum Digest {
  package static func sha256(_ bytes: [UInt8]) -> String {
    let hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finalize()
  }

  /// That of the regular file at `path`, which is read in pieces, however large it is.
  package static func sha256(fileAt path: String) throws(StoreError) -> String {
    let hash = SHA256()
    try FilePaths.forEachPiece(of: path, limit: .max) { hash.update($0) }
    return hash.finalize()
  }

  package static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
}

/// One computation of SHA-256 by libcrypto, which takes the processor's instructions for it where
/// there are any.
private final class SHA256 {
  // A class, because it owns memory of the library.
  private let context: OpaquePointer

  init() {
    // The machine's openssl.cnf must neither slow the start nor choose another implementation. At the
    // end of the process the library stays: other threads may still be at their digests then.
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT), nil)
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no memory, or no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      preconditionFailure("libcrypto takes any bytes")
    }
  }

  /// The digest, in lower case; ends the computation.
  func finalize() -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &count) == 1 else {
      preconditionFailure("libcrypto gives a digest of what it took")
    }
    return hexadecimal(digest.prefix(Int(count)))
  }

  private func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
