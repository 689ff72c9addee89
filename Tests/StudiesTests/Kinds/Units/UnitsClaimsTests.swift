import Storage
import Studies
import Testing

@Suite("The claims of a study of units")
struct UnitsClaimsTests {
  /// Results of one share, over three seeds.
  ///
  /// - Parameter idle: a seed with which training does harm.
  private func table(
    compensated: [Double], seconds: [Double], idle: UInt64? = nil
  ) -> StudyTable {
    var rows: [StudyTable.Row] = []
    func add(
      _ method: String, _ seed: UInt64, samples: Double? = nil, epochs: Int? = nil,
      _ accuracy: Double, seconds: (name: String, value: Double)? = nil
    ) {
      let share: Double? = method == "dense" ? nil : 0.5
      let values: [JSONValue] = [
        .string(method), JSONValue(share), JSONValue(samples), JSONValue(epochs),
      ]
      var result = StudyResult(seconds: 1)
      var row: JSONObject = ["accuracy": JSONValue(accuracy)]
      if let seconds { row[seconds.name] = JSONValue(seconds.value) }
      result.rows = [row]
      rows.append(
        StudyTable.Row(
          identity: StudyCellIdentity(
            dataset: "data", model: "5-7-3",
            columns: zip(["method", "ratio", "sample_share", "epochs"], values).map {
              StudyColumn(name: $0, value: $1)
            }, seed: seed), result: result))
    }
    for (place, accuracy) in compensated.enumerated() {
      let seed = UInt64(place + 1)
      add("dense", seed, 0.95)
      add("pruned", seed, 0.5)
      let (refit, training) = ("compensation_processor_seconds", "training_processor_seconds")
      add("compensated", seed, samples: 1, 0.9, seconds: (refit, 9))
      add("compensated", seed, samples: 0.1, accuracy, seconds: (refit, seconds[place]))
      add("retrained", seed, epochs: 1, 0.7, seconds: (training, 5))
      add("retrained", seed, epochs: 20, seed == idle ? 0.4 : 0.9, seconds: (training, 100))
    }
    return StudyTable(kind: .units, rows: rows)
  }

  @Test("are confirmed where the interval lies beyond what the test wants")
  func confirmed() {
    let answers = UnitsExperiment.findings(
      table(compensated: [0.85, 0.86, 0.87], seconds: [1, 1, 1])
    ).answers
    #expect(answers.map(\.verdict) == [.confirmed, .confirmed])
    // (0.86 − 0.5) / (0.9 − 0.5) on the mean, and 1 s of 100.
    #expect(answers[0].result.hasPrefix("0.9, 95 % interval"))
    #expect(answers[1].result.hasPrefix("0.01, 95 % interval"))
  }

  @Test("are contradicted where it lies beyond on the other side")
  func contradicted() {
    let answers = UnitsExperiment.findings(
      table(compensated: [0.6, 0.61, 0.62], seconds: [10, 11, 12])
    ).answers
    #expect(answers.map(\.verdict) == [.contradicted, .contradicted])
  }

  @Test("are open where it lies on both sides")
  func unclear() {
    // Shares of 0.25, 0.9 and 0.925, and ratios of 0.01, 0.05 and 0.25.
    let answers = UnitsExperiment.findings(
      table(compensated: [0.6, 0.86, 0.87], seconds: [1, 5, 25])
    ).answers
    #expect(answers.map(\.verdict) == [.open, .open])
    // The geometric mean.
    #expect(answers[1].result.hasPrefix("0.05, 95 % interval"))
  }

  @Test("are told from the seeds with which training recovers anything")
  func idle() {
    let answers = UnitsExperiment.findings(
      table(compensated: [0.85, 0.6, 0.86, 0.87], seconds: [1, 1, 1, 1], idle: 2)
    ).answers
    #expect(answers.map(\.verdict) == [.confirmed, .confirmed])
    #expect(answers[0].result.hasPrefix("0.9, 95 % interval"))
    #expect(
      answers[0].result.contains("; 1 of 4 seeds left out") && answers[0].result.hasSuffix(": 2"))
  }

  @Test("are open, with the reason, where training recovers nothing with any seed")
  func idleThroughout() {
    let answers = UnitsExperiment.findings(
      table(compensated: [0.86], seconds: [1], idle: 1)
    ).answers
    #expect(answers[0].verdict == .open)
    #expect(answers[0].result == "training does not recover anything with any seed (1)")
  }

  @Test("are open with a single seed, and without results")
  func open() {
    let one = UnitsExperiment.findings(table(compensated: [0.86], seconds: [1]))
    #expect(one.answers.allSatisfy { $0.verdict == .open })
    let none = UnitsExperiment.findings(StudyTable(kind: .units, rows: []))
    #expect(none.answers.isEmpty && none.tables.isEmpty)
  }

  @Test("tables have a row for every way, and a column for every share")
  func tables() {
    let tables = UnitsExperiment.findings(table(compensated: [0.8, 0.8], seconds: [1, 1])).tables
    #expect(tables[0].columns == ["method", "0.5"])
    #expect(
      tables[0].rows.map { $0[0] } == [
        "dense", "pruned", "compensated, 100 %", "compensated, 10 %", "retrained, 1 epoch",
        "retrained, 20 epochs",
      ])
    #expect(tables[0].rows[0][1] == "95" && tables[1].rows.count == 4)
  }
}
