import RunFixtures
import Runs
import Storage
import Studies
import Testing

@Suite("A study of units")
struct UnitsExperimentTests {
  @Test("measures every cell once, and goes on where it was stopped, to the same table")
  func resumes() throws {
    let fixture = try StudyFixture(UnitsFixture.text)
    let whole = try fixture.run().outcome
    #expect(whole.measured == 22 && whole.plan.cells.count == 22)
    #expect(try fixture.run().outcome.measured == 0)

    let stopped = try StudyFixture(UnitsFixture.text)
    #expect(throws: RunFailure.self) { try stopped.run(stopAfter: 5) }
    let rest = try stopped.run(threads: 2).outcome
    #expect(rest.measured < 22)
    func untimed(_ outcome: StudySession.Outcome) -> [[String: JSONValue]] {
      outcome.table.rows.flatMap { row in
        row.result.rows.map { values in
          var kept: [String: JSONValue] = ["cell": .string(row.identity.text)]
          for member in values where !member.name.hasSuffix("_seconds") {
            kept[member.name] = member.value
          }
          return kept
        }
      }
    }
    #expect(untimed(rest) == untimed(whole))
  }

  @Test("removes at least the shares, whatever is done then, and says by which samples")
  func rows() throws {
    let outcome = try StudyFixture(UnitsFixture.text).run().outcome
    for row in outcome.table.rows {
      let values = try #require(row.result.rows.first)
      let weights = try #require(values["weights"]?.intValue)
      // 5·7 + 7·6 + 6·3 = 95 weights.
      switch row.identity["ratio"]?.doubleValue {
      case 0.4: #expect(weights <= 57)
      case 0.7: #expect(weights <= 29)
      default: #expect(weights == 95)
      }
      // 60 rows, of which 42 are for training.
      if row.identity["sample_share"]?.doubleValue == 0.5 {
        #expect(values["samples_used"]?.intValue == 21)
      }
      let isRetrained = row.identity["method"]?.stringValue == "retrained"
      #expect(values["training_seconds"]?.isNull == !isRetrained)
      for (name, isMeasured) in [
        ("training", isRetrained), ("compensation", row.identity["ratio"]?.isNull == false),
      ] {
        let clock = values["\(name)_seconds"]?.doubleValue
        let processor = values["\(name)_processor_seconds"]?.doubleValue
        #expect((processor != nil) == isMeasured && (clock != nil) == isMeasured)
        // One thread works no longer than it takes, but for the grain of the clocks.
        if let clock, let processor { #expect(processor > 0 && processor < clock + 0.01) }
      }
    }
    let widths = outcome.table.rows.filter {
      $0.identity.seed == 1 && $0.identity["ratio"]?.doubleValue == 0.7
        && $0.identity["sample_share"]?.doubleValue != 0.5
    }.map { $0.result.rows[0]["widths"] }
    #expect(Set(widths).count == 1)
  }

  @Test("its table has a line a cell, with the kind's columns")
  func table() throws {
    let fixture = try StudyFixture(UnitsFixture.text)
    let outcome = try fixture.run { $0.isQuick = true }.outcome
    let lines = outcome.table.csv.split(separator: "\n")
    #expect(
      lines[0]
        == "dataset,model,method,ratio,sample_share,epochs,seed,weights,widths,samples_used,steps,loss,accuracy,rmse,nrmse,compensation_seconds,compensation_processor_seconds,training_seconds,training_processor_seconds,seconds"
    )
    #expect(lines.count == 1 + 6)
    #expect(lines[1].hasPrefix("small,5-7-6-3,dense,,,,1,95,5-7-6-3,0,0,"))
    #expect(lines[2].hasPrefix("small,5-7-6-3,pruned,0.5,,,1,"))
    #expect(lines[3].hasPrefix("small,5-7-6-3,compensated,0.5,0.5,,1,"))
    #expect(lines[5].hasPrefix("small,5-7-6-3,retrained,0.5,,1,1,"))
  }

  @Test("its record gives the same table, and the settings in words")
  func record() throws {
    let fixture = try StudyFixture(UnitsFixture.text)
    let outcome = try fixture.run().outcome
    let folder = StudyFolder(path: fixture.folder.file("runs/small"))
    let record = try StudyRecord.demand(folder)
    #expect(record.outline == outcome.plan.settings.outline && record.outline.kind == .units)
    #expect(record.cells.map(\.identity) == outcome.plan.cells.map(\.identity))
    #expect(record.table(try StudyResults(of: folder).results) == outcome.table)
    #expect(record.dense.count == 2)
    #expect(try StudyStatus(of: folder).summary == "done")
    #expect(try StudyVerification(folder: folder).report().findings.isEmpty)
  }

  @Test("changes the keys of what a setting touches, and no others")
  func keys() throws {
    func keys(_ text: String) throws -> Set<String> {
      let settings = try StudyFixture.settings(text)
      let facts = DataFacts(
        digest: "the data", inputs: 5, outputs: 3, classes: ["a", "b", "c"], trainingSamples: 42,
        validationSamples: nil, testSamples: 18)
      return Set(try StudyPlan(of: settings, facts: [facts]).cells.map(\.key))
    }
    let old = try keys(UnitsFixture.text)
    #expect(old.count == 22)
    func kept(_ from: String, _ to: String) throws -> Int {
      try keys(UnitsFixture.text.replacing(from, with: to)).intersection(old).count
    }
    #expect(try kept("name: small", "name: other") == 22)
    #expect(try kept("ratios: [0.4, 0.7]", "ratios: [0.4]") == 12)
    #expect(try kept("sample_shares: [0.5, 1]", "sample_shares: [1]") == 18)
    #expect(try kept("epochs: [1, 2]", "epochs: [1, 2]\nstep: 0.2") == 2)
    #expect(try kept("train: {epochs: 3}", "train: {epochs: 4}") == 0)
  }

  @Test("refuses ratios that no network can be left with, and one without hidden layers")
  func impossible() throws {
    func message(_ old: String, _ new: String) throws -> String {
      do {
        _ = try StudyFixture(UnitsFixture.text.replacing(old, with: new)).run()
        return ""
      } catch {
        return "\(error)"
      }
    }
    // 5 + 1 + 3 weights with one unit a layer.
    let ratios = try message("[0.4, 0.7]", "[0.4, 0.95]")
    #expect(ratios.contains("s.yaml:10:15: ratios[1]: 0.95 would leave 5 weights"), "\(ratios)")
    let hidden = try message("hidden: [7, 6]", "hidden: []")
    #expect(hidden.contains("s.yaml:6:17: model.hidden: a study of units needs hidden units"))
  }
}
