import Foundation
import Runs
import Schedules
import Testing

@Suite("Reference of settings") struct SettingsReferenceTests {
  private var page: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/ecpipe/ecpipe.docc/ScheduleReference.md")
  }

  @Test("the page of the documentation is the one that the settings make")
  func committed() throws {
    let markdown = SettingsReference.schedule.markdown
    if ProcessInfo.processInfo.environment["ECPIPE_WRITE_REFERENCE"] != nil {
      try markdown.write(to: page, atomically: true, encoding: .utf8)
    }
    let committed = try String(contentsOf: page, encoding: .utf8)
    #expect(
      committed == markdown,
      "write it anew: ECPIPE_WRITE_REFERENCE=1 swift test --filter SettingsReferenceTests")
  }

  @Test("every setting has a row in the section of its block")
  func rows() {
    let sections = SettingsReference.schedule.markdown.components(separatedBy: "\n## ")
    for block in RunSchedule.description.allBlocks where !block.settings.isEmpty {
      let section = sections.first { $0.hasPrefix(block.name + "\n") } ?? ""
      for setting in block.settings where setting.origin == nil {
        #expect(section.contains("| `\(setting.key)` |"), "\(block.name): \(setting.key)")
      }
    }
  }
}
