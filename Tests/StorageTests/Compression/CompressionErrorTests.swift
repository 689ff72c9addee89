import Storage
import Testing

@Suite("CompressionError")
struct CompressionErrorTests {
  @Test(
    "says what is wrong and what to do",
    arguments: [
      (
        CompressionError.notThisFormat(.gzip),
        "this is not gzip data; rename the file or compress it anew"
      ),
      (.truncated(.gzip), "the gzip data is truncated; copy or download the file again"),
      (
        .corrupt(.zstd, reason: "wrong checksum"),
        "the zstd data is damaged (wrong checksum); copy or download the file again"
      ),
      (
        .overLimit(.zstd, limit: 100),
        "the zstd data unpacks to more than the 100 bytes allowed; use a smaller file"
      ),
      (
        .sizeMismatch(.deflate, expected: 5, actual: 4),
        "the deflate data unpacks to 4 bytes where 5 were announced; "
          + "copy or download the file again"
      ),
      (.noChecksum(.zstd), "the zstd frame has no checksum; write it again with one"),
      (
        .outOfMemory(.gzip),
        "there is no memory for gzip; free some, or raise the limit (ulimit -v), and try again"
      ),
    ])
  func wording(error: CompressionError, text: String) {
    #expect("\(error)" == text)
  }
}
