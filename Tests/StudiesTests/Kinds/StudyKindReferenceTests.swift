import Foundation
import Studies
import Testing

@Suite("The reference of the kinds of study")
struct StudyKindReferenceTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/ecpipe/ecpipe.docc/Studies.md")

  @Test(
    "has a table for every kind, with a row for every key of its own", arguments: StudyKind.allCases
  )
  func tables(kind: StudyKind) throws {
    guard kind != .pruning else { return }
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "`kind: \(kind.rawValue)` — ").last)
    let table = section.components(separatedBy: "\n\n").dropFirst().first ?? ""
    let shared = Set(StudySettings.description.keys)
    let own = StudySettings.description(of: kind).keys.filter { !shared.contains($0) }
    #expect(!own.isEmpty)
    for key in own { #expect(table.contains("\n| `\(key)` |"), "\(kind.rawValue): \(key)") }
  }
}
