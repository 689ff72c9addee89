/// A run that searches for the sparsest network that holds.
package enum SearchFixture {
  /// Trials hold and do not, and the search goes back and on.
  package static let stages = """
    stages:
      - train: {epochs: 8}
      - alternate:
          until: {validation: {accuracy_drop: 0.1}}
          sparsity: {step: 0.5, minimal_step: 0.2}
          finetune: {epochs: 1}
      - evaluate: {part: test}
    """

  package static func finished(_ stages: String = stages) throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    return fixture
  }
}

extension RunFixture {
  /// Whether each trial of the search `name` holds, in order.
  package func verdicts(of name: String = "alternate") throws -> [Bool] {
    try manifest.stages.filter { $0.name.hasPrefix(name + "/") }.sorted { $0.name < $1.name }
      .compactMap(\.verdict?.holds)
  }
}
