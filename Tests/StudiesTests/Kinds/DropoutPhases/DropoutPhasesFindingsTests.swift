import Studies
import Testing

@Suite("What a study of dropout says") struct DropoutPhasesFindingsTests {
  private typealias Fixture = DropoutPhasesFixture

  private let table = Fixture.table { Fixture.loss(train: $1, evaluation: $2, size: $3) }

  @Test("A pair of rates is in the phase of its losses")
  func phases() throws {
    let results = DropoutPhasesResults.all(table)
    #expect(results.map(\.model) == ["5-1-3", "5-2-3"])
    for own in results {
      #expect(own.trainRates == [0, 0.9] && own.evaluationRates == [0, 0.9])
      #expect(own.phase(train: 0, evaluation: 0) == .eumentia)
      #expect(own.phase(train: 0, evaluation: 0.9) == .dementia)
      #expect(own.phase(train: 0.9, evaluation: 0.9) == .amentia)
      #expect(own.phase(train: 0.9, evaluation: 0) == .amentia)
    }
    let law = try #require(results[0].scaling(train: 0, evaluation: 0))
    #expect(abs(law.fit.exponent - 0.5) < 0.1)
    #expect(results[0].scaling(train: 0, evaluation: 0.9)?.course == .grows)
  }

  @Test("The claims are confirmed where all networks are alike")
  func confirmed() {
    let answers = DropoutPhasesExperiment.findings(table).answers
    #expect(answers.map(\.verdict) == [.confirmed, .confirmed])
    #expect(answers[1].result.hasPrefix("100 % of 4 points"))
    let seeds = Set(table.rows.map(\.identity.seed)).count
    #expect(answers.allSatisfy { $0.result.hasSuffix("; over \(seeds) seeds") } && seeds > 1)
  }

  @Test("Boundaries that one network has elsewhere do not hold")
  func elsewhere() {
    let other = Fixture.table(seeds: 3) { network, train, evaluation, size in
      network == 0
        ? Fixture.loss(train: train, evaluation: evaluation, size: size)
        : Fixture.loss(train: 0, evaluation: 0, size: size)
    }
    let answers = DropoutPhasesExperiment.findings(other).answers
    #expect(answers.map(\.verdict) == [.contradicted, .contradicted])
    #expect(answers[1].result.hasPrefix("25 % of 4 points"))
  }

  @Test("A claim that fails by one of two seeds is open: without the other nothing is known")
  func fewSeeds() {
    let alike = Fixture.table { Fixture.loss(train: 0 * $1, evaluation: 0 * $2, size: $3) }
    let answers = DropoutPhasesExperiment.findings(alike).answers
    // All points are in one phase, so the boundaries hold, and two phases are not there.
    #expect(answers.map(\.verdict) == [.open, .confirmed])
  }

  @Test("A loss that falls no further than to that of guessing is not learnt")
  func guessing() throws {
    // The first network falls from 12.3 to 4.8: a power law, above guessing.
    let idle = Fixture.table(seeds: 3) { network, _, _, size in
      network == 0
        ? 100 / size.squareRoot() + 2.3 : Fixture.loss(train: 0, evaluation: 0, size: size)
    }
    let results = DropoutPhasesResults.all(idle)
    #expect(results[0].scaling(train: 0, evaluation: 0)?.course == .falls)
    #expect(results[0].phase(train: 0, evaluation: 0) == .amentia)
    #expect(results[0].text(train: 0, evaluation: 0) == "amentia, falls, not below guessing")
    #expect(results[1].phase(train: 0, evaluation: 0) == .eumentia)
    // Nobody knows without it.
    let unknown = Fixture.table(guessing: nil) { Fixture.loss(train: $1, evaluation: $2, size: $3) }
    #expect(DropoutPhasesResults.all(unknown)[0].phase(train: 0, evaluation: 0) == nil)
    #expect(DropoutPhasesExperiment.findings(unknown).answers.map(\.verdict) == [.open, .open])
  }

  @Test("They are open with one network, with too few sizes, and without results")
  func open() {
    let one = Fixture.table(networks: 1) { Fixture.loss(train: $1, evaluation: $2, size: $3) }
    #expect(DropoutPhasesExperiment.findings(one).answers.map(\.verdict) == [.confirmed, .open])
    let few = Fixture.table(sizes: [100, 200, 400]) {
      Fixture.loss(train: $1, evaluation: $2, size: $3)
    }
    #expect(DropoutPhasesExperiment.findings(few).answers.map(\.verdict) == [.open, .open])
    let none = DropoutPhasesExperiment.findings(StudyTable(kind: .dropoutPhases, rows: []))
    #expect(none.answers.isEmpty && none.tables.isEmpty)
  }

  @Test("A rate that only some networks are measured at is no column")
  func ownRates() {
    let rows = table.rows.map { row in
      var result = row.result
      let isTrained = row.identity["train_rate"]?.doubleValue == 0.9
      if isTrained { result.rows.append(["evaluation_rate": 0.5, "loss": 1]) }
      return StudyTable.Row(identity: row.identity, result: result)
    }
    let tables = DropoutPhasesExperiment.findings(
      StudyTable(kind: .dropoutPhases, rows: rows)
    ).tables
    #expect(tables.count == 2)
    #expect(tables[0].columns == ["p_train", "p_eval 0", "p_eval 0.9"])
    #expect(tables[0].rows[0][1].hasPrefix("eumentia, α 0."))
    #expect(tables[0].rows[0][2].hasPrefix("dementia, grows, slope "))
    #expect(tables[0].rows[1][0] == "0.9")
    #expect(
      tables[0].rows[1].dropFirst().allSatisfy {
        $0.hasPrefix("amentia, not shown to fall, slope ")
      })
  }
}
