import Foundation
import Storage
import TestSupport
import Testing

@Suite("Digest") struct DigestTests {
  @Test(
    "SHA-256 in hexadecimal, as in FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func vectors(text: String, digest: String) {
    #expect(Digest.sha256(text) == digest)
    #expect(Digest.sha256(Array(text.utf8)) == digest)
  }

  @Test("That of a file is that of its bytes", arguments: [0, 1, 1 << 20, (1 << 20) + 77])
  func files(count: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/data"
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try Digest.sha256(fileAt: path) == Digest.sha256(bytes))
    #expect(throws: StoreError.self) { try Digest.sha256(fileAt: folder.path) }
    #expect(throws: StoreError.self) { try Digest.sha256(fileAt: path + "-none") }
  }
}
