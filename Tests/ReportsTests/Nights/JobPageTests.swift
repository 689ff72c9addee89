import Nightly
import Reports
import Runs
import Storage
import TestSupport
import Testing

@Suite("The page of a nightly job") struct JobPageTests {
  private func contender(_ night: String, _ value: Double) -> JSONValue {
    [
      "night": .string(night), "sha256": "0", "bytes": 100, "weights": 10, "sparsity": 0.5,
      "value": JSONValue(value),
    ]
  }

  /// A job with so many nights, each with a reason that HTML would take for more.
  ///
  /// - Parameter byHand: whether the last of them was decided by hand, on nothing that was compared.
  private func page(_ nights: Int, byHand: Bool = false) throws -> String {
    let folder = try TemporaryFolder()
    let job = NightlyFolder(checkpoints: folder.path, name: "a<b")
    try job.make()
    let lines = (0..<nights).map { index in
      let night = "2026-03-\(index < 9 ? "0" : "")\(index + 1)T0230"
      return SealedObject.line(of: [
        "night": .string(night), "time": "2026-03-01T02:30:00Z", "outcome": "kept",
        "forced": false, "reason": "1 < 2 & \(index)",
        "comparison": byHand && index == nights - 1
          ? .null
          : [
            "metric": "accuracy", "part": "test", "rows": 40, "allowed": 0.01, "confidence": 0.95,
          ],
        "challenger": contender(night, 0.9 + 0.001 * Double(index)),
        "incumbent": contender(night, 0.9),
      ]) + "\n"
    }
    try DurableFile.write(Array(lines.joined().utf8), to: job.decisions)
    try JobPage.write(job)
    return String(decoding: try FilePaths.read(job.report), as: UTF8.self)
  }

  @Test("has a row a decision, the newest first, and a picture of two nights and more")
  func rows() throws {
    let text = try page(20)
    #expect(text.contains("<title>a&lt;b</title>") && !text.contains("1 < 2"))
    let rows = text.split(separator: "<tr>").filter { $0.contains("scope=\"row\"") }
    #expect(rows.count == 20 && rows[0].contains("<th scope=\"row\">2026-03-20T0230</th>"))
    #expect(rows[0].contains(">kept</td>") && rows[0].contains(">1 &lt; 2 &amp; 19</td>"))
    #expect(text.ranges(of: "class=\"mark\"").count == 40)
    // Of 20 nights every second is named.
    #expect(text.contains(">03-01</text>") && !text.contains(">03-02</text>"))
    #expect(try !page(1).contains("<svg"))
    #expect(try page(0).contains("Nothing was decided yet."))
  }

  @Test("keeps its picture when the last decision was made by hand")
  func byHand() throws {
    let text = try page(20, byHand: true)
    #expect(text.contains("<svg") && text.ranges(of: "class=\"mark\"").count == 38)
  }
}
