import Glibc

/// Times for people: never in a checkpoint, never in a key.
package enum Timestamp {
  /// Now in UTC as ISO 8601, to the second.
  package static var now: String { text(of: Int(time(nil))) }

  /// The time `seconds` after the beginning of 1970, likewise.
  package static func text(of seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
