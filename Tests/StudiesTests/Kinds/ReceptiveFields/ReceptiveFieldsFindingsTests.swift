import Storage
import Studies
import Testing

@Suite("What a study of receptive fields finds") struct ReceptiveFieldsFindingsTests {
  /// Results of `seeds` seeds with two prunings; `spread` is that of the last round.
  private func table(
    seeds: Int = 3, spread: (_ inputs: String, _ criterion: String) -> Double
  ) -> StudyTable {
    let ways = [
      ("images", "magnitude"), ("images", "ec"), ("images", "random"), ("gaussian", "magnitude"),
      ("permuted", "magnitude"),
    ]
    var rows: [StudyTable.Row] = []
    for (inputs, criterion) in ways {
      for seed in 1...seeds {
        // Differs by seed, so that there is an error.
        let noise = 0.01 * Double(seed)
        let last: Double = spread(inputs, criterion) * (1 + noise)
        let measured = (0..<3).map { round -> JSONObject in
          let kurtosis: Double = (0.2 + noise) * Double(round)
          let removed: JSONValue = round == 2 ? .null : JSONValue(0.6 + noise)
          let kept: JSONValue = round == 2 ? .null : JSONValue(0.4 - noise)
          let masks: JSONValue = [["unit": 3, "pixels": "b"]]
          return [
            "round": JSONValue(round), "image": [1, 4],
            "spread_among_read": JSONValue(round == 2 ? last : 1.0),
            "kurtosis": JSONValue(kurtosis),
            "raising_removed": removed, "raising_kept": kept, "masks": masks,
          ]
        }
        var result = StudyResult(seconds: 1)
        result.rows = measured
        rows.append(
          StudyTable.Row(
            identity: StudyCellIdentity(
              dataset: "d", model: "4-5-2",
              columns: [
                StudyColumn(name: "inputs", value: .string(inputs)),
                StudyColumn(name: "criterion", value: .string(criterion)),
              ], seed: UInt64(seed)), result: result))
      }
    }
    return StudyTable(kind: .receptiveFields, rows: rows)
  }

  private func verdicts(_ table: StudyTable) -> [StudyFindings.Verdict] {
    ReceptiveFieldsExperiment.findings(table).answers.map(\.verdict)
  }

  private func usual(_ inputs: String, _ criterion: String) -> Double {
    inputs == "images" && criterion != "random" ? 0.5 : 0.9
  }

  @Test("all claims are confirmed where numbers say so")
  func confirmed() {
    let table = table(spread: usual)
    #expect(verdicts(table) == Array(repeating: .confirmed, count: 5))
    let answers = ReceptiveFieldsExperiment.findings(table).answers
    #expect(answers.allSatisfy { $0.claim.hasPrefix("d 4-5-2: ") && $0.test.contains("p < 0.05") })
  }

  @Test("fields on Gaussian inputs contradict that these must not be Gaussian, and nothing else")
  func gaussian() {
    let table = table { $0 == "gaussian" ? 0.6 : usual($0, $1) }
    #expect(verdicts(table) == [.confirmed, .contradicted, .confirmed, .confirmed, .confirmed])
  }

  @Test("fields by random pruning contradict EC's, and fields of permuted pixels all locality")
  func controls() {
    #expect(verdicts(table { $1 == "random" ? 0.4 : usual($0, $1) })[4] == .contradicted)
    #expect(verdicts(table { $0 == "permuted" ? 0.4 : usual($0, $1) })[0] == .contradicted)
  }

  @Test("fields of EC that are only less spread than those of random pruning are no local ones")
  func spreadOfChance() {
    func spread(_ inputs: String, _ criterion: String) -> Double {
      inputs == "images" && criterion == "ec"
        ? 0.98 : criterion == "random" ? 1.5 : usual(inputs, criterion)
    }
    // 0.9898, 0.9996 and 1.0094 with the noise of the seeds.
    #expect(verdicts(table(spread: spread))[4] == .open)
  }

  @Test("what does not differ confirms nothing and contradicts nothing")
  func unclear() {
    #expect(verdicts(table { $1 == "random" ? 0.5 : usual($0, $1) })[4] == .open)
    #expect(verdicts(table { $0 == "permuted" ? 0.5 : usual($0, $1) })[0] == .open)
    // Half as far below 1 as on images, in the mean, is no more and no less than half.
    let table = table { $0 == "gaussian" ? 0.745 : usual($0, $1) }
    #expect(verdicts(table)[1] != .contradicted)
  }

  @Test("one seed leaves all open")
  func open() {
    #expect(verdicts(table(seeds: 1, spread: usual)) == Array(repeating: .open, count: 5))
  }

  @Test("results are by network, way, seed and round")
  func results() throws {
    let networks = FieldResults.networks(of: table(spread: usual))
    #expect(networks.count == 1)
    let own = networks[0]
    let way = FieldResults.Way(inputs: "images", criterion: "ec")
    #expect(own.ways.count == 5 && own.roundCount == 3 && own.lastRound == 2)
    #expect(own.values("round", way, round: 1) == [1, 1, 1])
    #expect(own.values("raising_removed", way, round: 2) == [])
    #expect(own.means("round", way) == [1: 1, 2: 1, 3: 1])
    let masks = own.masks(way, round: 0, count: 4)
    #expect(masks.count == 1 && masks[0].unit == 3)
    #expect(masks[0].isRead == [true, true, false, true])
    let image = try #require(own.image)
    #expect(image.rows == 1 && image.columns == 4)
  }

  @Test("the table has a row for what is pruned by what")
  func lastRound() {
    let tables = ReceptiveFieldsExperiment.findings(table(spread: usual)).tables
    #expect(tables.count == 1 && tables[0].rows.count == 5)
    #expect(tables[0].rows[3][0] == "gaussian, magnitude")
  }
}
