import Reports
import RunFixtures
import Storage
import Studies
import Testing

@Suite("The page of a study with a kind")
struct StudyFindingsPageTests {
  @Test("has the claims with their tests, figures and tables, and asks for no other file")
  func content() throws {
    let text = StudyFixture.text.replacing("ratios: [0.4, 0.8]", with: "ratios: [0.4]")
      .split(separator: "\n").filter { line in
        !["criteria", "baselines", "finetune", "quick"].contains { line.hasPrefix($0) }
      }.joined(separator: "\n")
    let fixture = try StudyFixture("kind: units\n" + text + "\nepochs: [1]\nsample_shares: [0.5]\n")
    let outcome = try fixture.run().outcome
    let html = try String(decoding: FilePaths.read(outcome.page), as: UTF8.self)
    #expect(html.contains("Test: ") && html.contains("95 % interval"))
    #expect(html.contains("Seconds of compensation, or of training"))
    #expect(html.split(separator: "role=\"img\"").count - 1 == 2)
    for outside in ["http", "<script", "<link", "url(", "@import"] {
      #expect(!html.contains(outside))
    }
  }
}
