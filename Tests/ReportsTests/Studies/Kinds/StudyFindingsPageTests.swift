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
    #expect(html.contains("Processor seconds"))
    // What guessing the largest class gives, in the one chart of accuracies.
    #expect(html.ranges(of: "<title>guessing: 0.").count == 1)
    // Tables stand under one heading, each with its own caption once.
    #expect(html.ranges(of: "<h2 id=\"tables-heading\">Tables</h2>").count == 1)
    #expect(html.ranges(of: ": test accuracy in %, by share of weights removed</").count == 1)
    #expect(html.split(separator: "role=\"img\"").count - 1 == 2)
    for outside in ["http", "<script", "<link", "url(", "@import"] {
      #expect(!html.contains(outside))
    }
  }

  @Test("numbers of training samples stand where they are on a logarithmic axis")
  func sizes() throws {
    let fixture = try StudyFixture(
      """
      version: 1
      kind: dropout_phases
      name: small
      seed: 7
      data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}
      models: [{hidden: [4]}, {hidden: [3]}]
      training: {batch: 16}
      seeds: 1
      train_rates: [0]
      evaluation_rates: [0]
      train_sizes: [10, 20, 30, 42]
      steps: 2
      draws: 2
      """)
    let outcome = try fixture.run().outcome
    let html = try String(decoding: FilePaths.read(outcome.page), as: UTF8.self)
    func place(_ size: Int) throws -> Double {
      let pattern = /<text class="tick" text-anchor="middle" x="([0-9.]+)" y="[0-9.]+">([0-9]+)</
      let match = try #require(html.matches(of: pattern).first { $0.output.2 == "\(size)" })
      return try #require(Double(match.output.1))
    }
    let places = try [10, 20, 42].map(place)
    // ln (42/10) / ln (20/10).
    #expect(abs((places[2] - places[0]) / (places[1] - places[0]) - 2.0704) < 0.01)
    // Two networks, and what is compared between them.
    #expect(html.contains("Networks on one data set are compared by their phases"))
  }
}
