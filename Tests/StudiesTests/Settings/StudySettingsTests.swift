import RunFixtures
import Testing
import Studies

@Suite("A study's settings")
struct StudySettingsTests {
  private func problems(_ changes: [(String, String)]) -> String {
    var text = StudyFixture.text
    for (old, new) in changes {
      precondition(text.contains(old), "\(old) is in the text")
      text = text.replacing(old, with: new)
    }
    do {
      _ = try StudyFixture.settings(text)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("are read with defaults: every criterion comes as it was published")
  func defaults() throws {
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing(
        "criteria: [{criterion: ec, metric: output}, magnitude, random]",
        with: "criteria: [ec, magnitude, nonlinear, wanda]"))
    #expect(settings.seeds == [1, 2])
    #expect(settings.datasets.map(\.name) == ["small"])
    #expect(settings.methods.map(\.title) == ["ec fisher", "magnitude", "nonlinear", "wanda"])
    #expect(
      settings.methods.map(\.criterion.compensation) == [.ec, .none, .mean, .none])
    #expect(
      settings.methods.map(\.budget.name) == ["global", "global", "global", "uniform"])
    #expect(settings.methods.map(\.metric) == [.fisher, nil, nil, nil])
    #expect(settings.baselines == [.unpruned, .narrower])
  }

  @Test("take what is under quick in place of the rest where that is wanted")
  func quick() throws {
    let settings = try StudyFixture.settings(StudyFixture.text, quick: true)
    #expect(settings.seeds == [1])
    #expect(settings.methods[0].ratios.map(\.fraction) == [0.5])
    #expect(settings.train?.epochs == 3)
  }

  @Test("cross criteria with compensations, unless a criterion states its own")
  func crossed() throws {
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing(
        "criteria: [{criterion: ec, metric: output}, magnitude, random]",
        with: """
          compensations: [none, ec]
          criteria: [magnitude, {criterion: taylor, compensation: [mean, least_squares]}]
          """))
    #expect(
      settings.methods.map(\.title) == [
        "magnitude", "magnitude + ec", "taylor fisher + mean", "taylor fisher + least_squares",
      ])
  }

  @Test("cross criteria with budgets, unless a criterion states its own")
  func budgets() throws {
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing(
        "criteria: [{criterion: ec, metric: output}, magnitude, random]",
        with: """
          budgets: [optimal, {policy: erk, min_density: 0.1}]
          criteria:
            - ec
            - {criterion: magnitude, compensation: [none, ec], budget: [lamp, uniform]}
            - {criterion: random, budget: erk}
          """))
    #expect(
      settings.methods.map(\.title) == [
        "ec fisher, optimal", "ec fisher, erk", "magnitude, lamp", "magnitude, uniform",
        "magnitude, lamp + ec", "magnitude, uniform + ec", "random, erk",
      ])
    let limits = try settings.methods.map { try $0.budget.limits(of: ["output"])[0].minimumDensity }
    #expect(limits == [0, 0.1, 0, 0, 0, 0, 0])
  }

  @Test("say in how many rounds networks are pruned; in one unless stated")
  func rounds() throws {
    #expect(try StudyFixture.settings(StudyFixture.text).rounds.count == 1)
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing("seeds: 2", with: "seeds: 2\nrounds: 3\ncurve: linear"))
    #expect(settings.rounds.count == 3 && settings.rounds.curve.name == "linear")
    #expect(try settings.rounds.totals(from: 100, of: 100, to: 10) == [70, 40, 10])
    #expect(try settings.rounds.totals(from: 40, of: 100, to: 10) == [30, 20, 10])
  }

  @Test("make a data set of each level of noise")
  func noise() throws {
    let settings = try StudyFixture.settings(
      StudyFixture.text.replacing(
        "data: {csv: data.csv, task: classification, split: {test: 0.3}, scale: standard}",
        with: """
          data: {generate: diffusion_sorption, task: regression, split: {test: 0.2}}
          noise: [0, 0.005]
          """))
    #expect(
      settings.datasets.map(\.name) == ["diffusion_sorption-0", "diffusion_sorption-0.005"])
    #expect(settings.datasets[0].data != settings.datasets[1].data)
  }

  @Test(
    "are refused with place and reason",
    arguments: [
      ("ratios: [0.4, 0.8]", "ratios: [1.0]", "s.yaml:10:10: ratios[0]: 1.0 is not a sparsity"),
      (
        "ratios: [0.4, 0.8]", "ratios: [0]",
        "ratios[0]: 0 is out of range; allowed: numbers above 0"
      ),
      ("ratios: [0.4, 0.8]", "ratios: [0.4, 0.4]", "ratios[1]: 0.4 is there already"),
      ("ratios: [0.4, 0.8]", "ratios: []", "ratios: the list is empty"),
      ("magnitude, random]", "magnitude, magnitude]", "a cell of magnitude is there already"),
      ("magnitude, random]", "{criterion: ec, metric: output}]", "a cell of ec is there already"),
      ("magnitude, random]", "{criterion: ec, probes: 0}]", "probes: 0 is out of range"),
      (
        "magnitude, random]", "{criterion: wanda, budget: {policy: global}}]",
        "ranks weights within their row"
      ),
      (
        "magnitude, random]",
        "{criterion: ec, name: n, budget: {granularity: {n_of_m: {keep: 2, of: 4}}}}]",
        "the granularity n_of_m is not for a study, whose ratios say how much"
      ),
      ("magnitude, random]", "{metric: output}]", "\"criterion\" is missing"),
      ("magnitude, random]", "magnitud]", "did you mean \"magnitude\"?"),
      (
        "magnitude, random]", "{criterion: ec, metric: output, budget: [global, global]}]",
        "a cell of ec is there already"
      ),
      ("magnitude, random]", "{criterion: ec, budget: []}]", "the list is empty"),
      (
        "magnitude, random]", "{criterion: ec, budget: [optimum]}]",
        "did you mean \"optimal\"?"
      ),
      ("seeds: 2", "budgets: [manual]", "a study, whose ratios say how much"),
      (
        "seeds: 2", "budgets: [{policy: optimal, limit: {bytes: 400}}]",
        "a limit is not for a study, whose ratios say how much"
      ),
      ("seeds: 2", "rounds: 0", "rounds: 0 is out of range"),
      ("seeds: 2", "curve: cubic", "the key \"rounds\" is missing"),
      ("seeds: 2", "rounds: 3\ncurve: one_shot", "unknown curve of a study \"one_shot\""),
      ("finetune: {epochs: 2}", "rounds: 2", "the key \"finetune\" is missing"),
      ("split: {test: 0.3}", "split: {validation: 0.3}", "data: the data has no test part"),
      (
        "scale: standard}", "scale: standard, storage: file}",
        "data.storage: storage: file is not for a study, whose data are in memory"
      ),
      (
        "scale: standard}", "scale: standard, shard: true}",
        "data.shard: shard: true is not for a study, whose data are in memory"
      ),
      ("seeds: 2", "seeds: [1, 1]", "seeds[1]: 1 is there already"),
      ("seeds: 2", "seeds: 0", "seeds: 0 is out of range"),
      ("seeds: 2", "noise: [0.1]", "noise is not for data from files"),
      ("hidden: [7, 6]", "start: x.safetensors", "model.start: there is no file x.safetensors"),
      ("train: {epochs: 3}\n", "", "the key \"train\" is missing"),
      ("quick: {seeds: 1", "quick: {seeds: -1", "seeds: -1 is out of range"),
      ("quick: {seeds: 1", "quick: {name: x", "unknown key \"name\""),
      ("baselines: [unpruned, narrower]", "baselines: [dense]", "unknown baseline \"dense\""),
    ])
  func refused(old: String, new: String, message: String) {
    let problems = problems([(old, new)])
    #expect(problems.contains(message), "\(problems)")
  }
}
