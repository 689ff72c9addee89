import Foundation
import Runs
import Schedules
import Testing

@Suite("Schedule file") struct ScheduleFileTests {
  private func withFile(_ content: Data, _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("schedule-\(UUID().uuidString).yaml")
    try content.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  @Test("a file is read with overrides, and its bytes are kept as they are")
  func read() throws {
    let content = Data(ScheduleText.small.utf8)
    try withFile(content) { path in
      let file = try RunScheduleFile(path: path, overrides: ["seed=3"], environment: { _ in nil })
      #expect(file.schedule.seed == 3)
      #expect(file.bytes == [UInt8](content))
    }
  }

  @Test("a missing file is told from an unreadable and an invalid one")
  func missing() throws {
    let name = "no-such-folder/schedule.yaml"
    #expect {
      try RunScheduleFile(path: name, environment: { _ in nil })
    } throws: { error in
      (error as? ScheduleError)?.isMissingFile == true
        && "\(error)" == "\(name): there is no such schedule or study; check the name"
    }
    let folder = FileManager.default.temporaryDirectory.path
    #expect {
      try RunScheduleFile(path: folder, environment: { _ in nil })
    } throws: { error in
      (error as? ScheduleError)?.isMissingFile == false
    }
    try withFile(Data(repeating: 0x23, count: (1 << 20) + 1)) { path in
      #expect {
        try RunScheduleFile(path: path, environment: { _ in nil })
      } throws: { error in
        "\(error)"
          == "\(path):1:1: the file is larger than the 1048576 bytes that a schedule may have"
      }
    }
  }
}
