/// Text that means itself everywhere.
enum PlainText {
  /// Whether `word` is the same to `sh`, cron and systemd with quotes and without.
  static func needsNoQuotes(_ word: String) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./:=,+".utf8.contains(byte)
        }
      }
  }
}
