import Foundation
import RunFixtures
import Runs
import Storage
import Studies
import Testing

@Suite("A study of dropout")
struct DropoutPhasesExperimentTests {
  @Test("measures every cell once, and goes on where it was stopped, to the same rows")
  func resumes() throws {
    let fixture = try StudyFixture(DropoutPhasesFixture.text)
    let whole = try fixture.run().outcome
    #expect(whole.measured == 32 && whole.plan.cells.count == 32)
    #expect(try fixture.run().outcome.measured == 0)

    let stopped = try StudyFixture(DropoutPhasesFixture.text)
    #expect(throws: RunFailure.self) { try stopped.run(stopAfter: 5) }
    let rest = try stopped.run(threads: 2).outcome
    #expect(rest.measured < 32)
    #expect(rest.table.rows.map(\.result.rows) == whole.table.rows.map(\.result.rows))
  }

  @Test("measures at every rate, and at that of the training")
  func rows() throws {
    let outcome = try StudyFixture(DropoutPhasesFixture.text).run().outcome
    for row in outcome.table.rows {
      let isDropping = row.identity["train_rate"]?.doubleValue == 0.5
      let rates = row.numbers("evaluation_rate")
      #expect(rates == (isDropping ? [0, 0.25, 0.5] : [0, 0.25]))
      #expect(row.numbers("loss").count == rates.count)
      // The whole network gives one and the same loss at every draw.
      #expect(row.numbers("draws") == (isDropping ? [1, 3, 3] : [1, 3]))
      #expect(row.numbers("standard_error").count == rates.count - 1)
      // Three classes that are not far from as frequent: about ln 3.
      let guessing = Set(row.numbers("guessing_loss"))
      #expect(guessing.count == 1 && guessing.allSatisfy { abs($0 - 1.0986) < 0.1 })
    }
    let losses = outcome.table.rows.flatMap { $0.numbers("loss") }
    #expect(Set(losses).count == losses.count)
  }

  @Test(
    "what cannot be is told",
    arguments: [
      (
        "[10, 20, 30, 40]", "[10, 20, 30, 400]",
        "s.yaml:11:27: train_sizes[3]: the training part of small has 42 samples"
      ),
      ("[10, 20, 30, 40]", "[20, 40]", "s.yaml:11:14: train_sizes: 2 elements is out of range"),
      (
        "{hidden: [7, 6]}", "{hidden: [7, 6], dropout: 0.5}",
        "s.yaml:6:51: models[1].dropout: dropout is not for a study of dropout_phases"
      ),
      (
        "{hidden: [7, 6]}", "{hidden: []}",
        "s.yaml:6:34: models[1].hidden: a study of dropout_phases needs hidden units"
      ),
      ("train_rates: [0, 0.5]", "train_rates: [0, 1]", "train_rates[1]: 1 is out of range"),
      ("draws: 3", "draws: 1", "draws: 1 is out of range"),
      (
        "{test: 0.3}, scale: standard}\nmodels: [{hidden: [7]}, {hidden: [7, 6]}]\ntraining: {batch: 16,",
        "{validation: 0.2, test: 0.3}, scale: standard}\nmodels: [{hidden: [7]}]\n"
          + "training: {batch: 16, early_stop: {patience: 2},",
        "s.yaml:7:35: training.early_stop: early_stop is not for a study of dropout_phases"
      ),
    ])
  func wrong(old: String, new: String, expected: String) throws {
    let fixture = try StudyFixture(DropoutPhasesFixture.text.replacing(old, with: new))
    do {
      _ = try fixture.run()
      Issue.record("it runs")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test("takes numbers to predict as well as classes: the loss is that of the training")
  func regression() throws {
    let text = DropoutPhasesFixture.text.replacing(
      "data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}",
      with: """
        data: {generate: {diffusion_sorption: {samples: 20}}, task: regression, split: {test: 0.3}}
        """)
    let study = try StudyFixture.settings(text)
    #expect(study.training.loss == .meanSquared)
    let facts = DataFacts(
      digest: "the data", inputs: 5, outputs: 1, classes: [], trainingSamples: 42,
      validationSamples: nil, testSamples: 18)
    #expect(try StudyPlan(of: study, facts: [facts]).cells.count == 32)
  }

  @Test("the study that comes along is right in both forms", arguments: [false, true])
  func pipeline(quick: Bool) throws {
    let path = "\(#filePath)".components(separatedBy: "/Tests/")[0]
    let text = try String(
      contentsOfFile: path + "/pipelines/study-dropout-phases.yaml", encoding: .utf8)
    let study = try StudyFixture.settings(text, quick: quick)
    #expect(study.kind == .dropoutPhases && study.seeds.count == (quick ? 2 : 3))
    let experiment = try #require(study.experiment?.value as? DropoutPhasesExperiment)
    #expect(experiment.trainRates == experiment.evaluationRates)
    #expect(experiment.trainSizes.count >= 4)
  }
}
