import Pruning
import RunFixtures
import Storage
import Testing

@Suite("Pruning reports in the log")
struct PruningReportJSONTests {
  /// What the log says of a pruning with `settings`.
  private func reports(_ settings: String) throws -> [JSONValue] {
    let fixture = try RunFixture(
      RunFixture.head + """
        stages:
          - train: {epochs: 3}
          - prune: {to: 0.6, \(settings)}
        """)
    try fixture.run()
    return fixture.events.compactMap { event in
      if case .weightsPruned(_, let report) = event { report.json } else { nil }
    }
  }

  @Test("say what went from each layer, and what refitting saved")
  func compensation() throws {
    let reports = try reports("steps: 4, compensation: least_squares")
    #expect(reports.count == 1)
    let json = reports[0]
    #expect(json["steps"] == 4 && json["removed"] == 57 && json["weights"] == 38)
    let layers = try json.array(at: "layers")
    #expect(layers.map { $0["name"]?.stringValue } == ["hidden1", "hidden2", "output"])
    #expect(layers.compactMap { $0["removed"]?.intValue }.reduce(0, +) == 57)
    #expect(json["refinement"] == .null)
    let compensation = try json.value(at: "compensation")
    #expect(try compensation.array(at: "layers").count == 3)
    let outputs = try compensation.value(at: "outputs")
    #expect(try outputs.number(at: "refitted") < outputs.number(at: "shifted"))
  }

  @Test("say what refining made of the objective")
  func refinement() throws {
    let json = try reports("refine: {target: both}")[0]
    let refinement = try json.value(at: "refinement")
    #expect(refinement["target"] == "both" && refinement["steps"]?.intValue != nil)
    #expect((0...30).contains(refinement["iterations"]?.intValue ?? -1))
    for part in ["fitted", "held_out"] {
      let change = try refinement.value(at: part)
      #expect(try change.number(at: "after") <= change.number(at: "before"))
    }
  }
}
