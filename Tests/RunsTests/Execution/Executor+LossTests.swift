import RunFixtures
import Testing

@Suite("A run that ends worse than dense")
struct ExecutorLossTests {
  /// Two rounds at a rate that ruins what was learnt, slowly enough for no stage to be a collapse.
  private static let stages = """
    stages:
      - train: {epochs: 60}
      - evaluate: {part: test}
      - alternate:
          rounds: 1
          sparsity: {to: 0.95}
          finetune: {epochs: 1, optimizer: {sgd: {learning_rate: 0.000001}}}
      - evaluate: {part: test}
    """

  private func fixture(_ stages: String) throws -> RunFixture {
    let fixture = try RunFixture(
      RunFixture.head.replacing("task: classification", with: "task: regression") + stages)
    try fixture.folder.write(
      RunFixture.table(seed: 1, rows: 400, isRegression: true), to: "data.csv")
    return fixture
  }

  @Test("says so once, with both figures and what may lose less")
  func warned() throws {
    let fixture = try fixture(Self.stages)
    try fixture.run()
    #expect(fixture.warnings.count == 1)
    let text = try #require(fixture.warnings.first)
    #expect(
      text.contains("clearly worse than the dense one of train: on the test part the loss is "))
    #expect(text.contains(" against ") && text.contains("% interval"))
    #expect(text.contains("early_stop: {patience: 5}"))
    // Nothing is computed, so nothing is told again.
    try fixture.run()
    #expect(fixture.warnings.isEmpty)
  }

  @Test("says nothing where the end is as good")
  func silent() throws {
    let fixture = try fixture(
      Self.stages.replacing("to: 0.95", with: "to: 0.05"))
    try fixture.run()
    #expect(fixture.warnings.isEmpty)
  }
}
