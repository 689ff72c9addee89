import RunFixtures
import Studies
import Testing
import Reports

@Suite("A study's page")
struct StudyPageTests {
  /// A page of losses that are known, without a run.
  private func page(accuracy: Double? = nil, guesses: [String: Double] = [:]) throws -> String {
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing("random]", with: "{criterion: magnitude, compensation: [ec]}]"))
    var rows: [StudyTable.Row] = []
    func add(_ criterion: String, _ metric: String?, _ compensation: String?, _ loss: Double) {
      for ratio in compensation == nil ? [0] : [0.4, 0.8] {
        for seed: UInt64 in [1, 2] {
          rows.append(
            StudyTable.Row(
              identity: StudyCellIdentity(
                dataset: "small <1>", model: "5-3", criterion: criterion, metric: metric,
                compensation: compensation,
                budget: compensation == nil ? nil : "global", ratio: ratio, seed: seed),
              result: StudyResult(
                lossBefore: loss + ratio, lossAfter: loss + 0.001 * Double(seed),
                accuracyAfter: accuracy.map { $0 - 0.1 * loss }, seconds: 1)))
        }
      }
    }
    add("unpruned", nil, nil, 0.1)
    add("ec", "output", "ec", 0.2)
    add("magnitude", nil, "none", 0.5)
    add("magnitude", "fisher", "ec", 0.4)
    return StudyPage(
      name: "small", settings: settings, table: StudyTable(rows: rows), guesses: guesses
    ).html
  }

  @Test("has figures and tables, each title escaped, and asks for no other file")
  func content() throws {
    let html = try page()
    #expect(html.contains(">small &lt;1&gt;, 5-3</h2>"))
    // Two large figures, and two of the one criterion with two compensations.
    #expect(html.components(of: "<svg") == html.components(of: "</svg>"))
    #expect(html.components(of: "role=\"img\"") == 4 && html.components(of: "<desc") == 4)
    #expect(html.components(of: "<table ") == 2 && html.components(of: "<caption>") == 2)
    #expect(html.contains("magnitude: test loss after fine-tuning"))
    #expect(!html.contains("accuracy"))
    for outside in ["http", "<script", "<link", "url(", "@import"] {
      #expect(!html.contains(outside))
    }
  }

  @Test("accuracies have the line of guessing, or words where it lies further down")
  func guessing() throws {
    let without = try page(accuracy: 0.9)
    #expect(!without.contains("guessing"))
    let far = try page(accuracy: 0.9, guesses: ["small <1>": 0.125])
    #expect(far.contains(">guessing: 0.125, further down</text>"))
    #expect(!far.contains("class=\"guess\""))
    let near = try page(accuracy: 0.9, guesses: ["small <1>": 0.86])
    #expect(near.components(of: "<line class=\"guess\"") == 1)
    #expect(near.contains(">guessing</text>"))
  }

  @Test("marks what the reference beats, with the probability")
  func marks() throws {
    let html = try page()
    #expect(html.contains("<tr class=\"reference\">\n<th scope=\"row\">ec</th>"))
    #expect(html.contains("<td class=\"good\">"))
    #expect(html.contains("p &lt;0.001"))
    #expect(html.contains("unpruned p &lt;0.001 worse"))
  }
}

extension String {
  /// How often `text` is in it.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
