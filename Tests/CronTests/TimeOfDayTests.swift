import Cron
import Testing

@Suite("TimeOfDay") struct TimeOfDayTests {
  @Test("two digits, a colon and two digits are a time", arguments: ["00:00", "02:30", "23:59"])
  func read(text: String) { #expect(TimeOfDay(text)?.text == text) }

  @Test(
    "anything else is none",
    arguments: [
      "", "2:30", "02:3", "24:00", "23:60", "-1:00", "+2:30", "02.30", "02:30:00", " 02:30",
      "02:30 ", "0x:10", "٠٢:٣٠", "noon",
    ])
  func refused(text: String) { #expect(TimeOfDay(text) == nil) }
}
