import Glibc
import Storage

/// Whether the clock says a time that can be, and whether the one that counts on never goes back.
package struct ClockCheck: Sendable {
  /// Seconds since 1970.
  package var now: Int
  package var text: String
  /// Whether it went on over many looks.
  package var isMonotonic: Bool

  package init(now: Int, text: String, isMonotonic: Bool) {
    self.now = now
    self.text = text
    self.isMonotonic = isMonotonic
  }

  /// Of this machine.
  package init() {
    now = time(nil)
    text = Timestamp.now
    var last = ContinuousClock.now
    var goesOn = true
    for _ in 0..<10_000 {
      let next = ContinuousClock.now
      if next < last { goesOn = false }
      last = next
    }
    isMonotonic = goesOn
  }

  /// 2026-01-01 and 2100-01-01: this program is not older, nor does anybody run it then.
  private static let sane = 1_767_225_600..<4_102_444_800

  package var findings: [Finding] {
    [
      Self.sane.contains(now)
        ? .ok(.clock, "\(text) in UTC")
        : .problem(
          .clock, "\(text) in UTC, which cannot be",
          advice: "set the clock, best by NTP (timedatectl set-ntp true)"),
      isMonotonic
        ? .ok(.clock, "the monotonic clock runs")
        : .problem(
          .clock, "the monotonic clock goes back",
          advice: "update the kernel, or choose another clock source; times that are told are wrong"
        ),
    ]
  }
}
