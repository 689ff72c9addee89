import Pruning
import RunFixtures
import Scheduler
import Schedules
import Testing

@Suite("Settings of criteria")
struct CriterionSettingsTests {
  private func settings(
    _ prune: String, task: String = "classification"
  ) throws -> CriterionSettings {
    let text = """
      version: 1
      name: x
      data: {csv: a, task: \(task), split: {validation: 0.1}}
      model: {hidden: [30, 20]}
      stages: [prune: {to: 0.5, \(prune)}, finetune: {epochs: 1}]
      """
    guard case .prune(let stage) = try ScheduleText.decode(text).stages[0].decoded else {
      throw Missing()
    }
    return stage.criterion
  }

  private struct Missing: Error {}

  @Test("every word stands for the criterion and the compensation of its name")
  func words() throws {
    for criterion in Criterion.allCases {
      for compensation in CriterionSettings.Compensation.allCases {
        let settings = try settings(
          "criterion: \(criterion.rawValue), compensation: \(compensation.rawValue), "
            + "budget: {policy: uniform}")
        #expect(settings.pruningCriterion.name == criterion.rawValue)
        #expect(settings.pruningCompensation.name == compensation.rawValue)
      }
    }
  }

  @Test("a metric serves the criterion and the compensation")
  func metric() throws {
    for metric in OutputMetric.allCases {
      let stated = "metric: \(metric.rawValue), compensation: least_squares"
      #expect(try settings(stated).pruningCriterion.metric == metric)
      #expect(try settings(stated).pruningCompensation.metric == metric)
    }
    let magnitude = try settings("criterion: magnitude", task: "regression")
    #expect(magnitude.pruningCriterion.metric == nil)
    #expect(magnitude.pruningCompensation.metric == nil)
    #expect(try settings("compensation: mean").pruningCompensation.metric == OutputMetric.none)
  }

  @Test("without a stated compensation every criterion comes as its paper has it")
  func published() throws {
    let others = ["ec": "ec", "nonlinear": "mean", "variance": "mean"]
    for criterion in Criterion.allCases {
      let word = criterion.rawValue
      let settings = try settings("criterion: \(word), budget: {policy: uniform}")
      #expect(settings.compensation.rawValue == others[word] ?? "none", "\(word)")
      #expect(criterion.publishedCompensation == settings.compensation)
    }
    #expect(
      CriterionSettings.published == "of ec ec, of variance mean, of nonlinear mean, of others none"
    )
  }

  @Test("unless stated: ec with itself, all samples, one step, 32 probes, no force")
  func defaults() throws {
    let plain = try settings("budget: {}")
    let stated = try settings(
      "criterion: ec, metric: fisher, compensation: ec, probes: 32, samples: all, steps: 1, "
        + "force: false")
    #expect(plain == stated)
    #expect(plain.samples == nil && plain.steps == 1 && plain.probes == 32 && !plain.force)
    #expect(try settings("samples: 500, steps: 20, probes: 1, force: true").samples == 500)
  }

  @Test("obd is refused for losses whose curvature it does not take")
  func curvature() {
    for loss in ["mae", "huber"] {
      let text = """
        version: 1
        name: x
        data: {csv: a, task: regression, split: {validation: 0.1}}
        model: {hidden: [3]}
        training: {loss: \(loss)}
        stages: [prune: {to: 0.5, criterion: obd}]
        """
      let message = #expect(throws: ScheduleError.self) { try ScheduleText.decode(text) }
      #expect(
        message.map { "\($0)" }?.contains(
          "6:38: stages[0].prune.criterion: the criterion obd takes the curvature of cross_entropy, "
            + "binary_cross_entropy or mse, not of \(loss); use one of them") == true)
    }
  }

  @Test("refining toward targets is refused for a loss without curvature, toward outputs it is not")
  func refinement() throws {
    func text(_ target: String, _ loss: String) -> String {
      """
      version: 1
      name: x
      data: {csv: a, task: regression, split: {validation: 0.1}}
      model: {hidden: [3]}
      training: {loss: \(loss)}
      stages: [prune: {to: 0.5, refine: {target: \(target)}}]
      """
    }
    for target in ["labels", "both"] {
      let message = #expect(throws: ScheduleError.self) {
        try ScheduleText.decode(text(target, "mae"))
      }
      #expect(
        message.map { "\($0)" }?.contains(
          "6:44: stages[0].prune.refine.target: target: \(target) goes by the curvature of the loss, and "
            + "mae has none; use target: outputs") == true)
      for loss in ["mse", "huber"] { _ = try ScheduleText.decode(text(target, loss)) }
    }
    _ = try ScheduleText.decode(text("outputs", "mae"))
  }

  @Test("a refinement is read with its defaults, and there is none unless it is stated")
  func refine() throws {
    #expect(try settings("steps: 1").refine == nil)
    #expect(
      try settings(
        "refine: {target: both, iterations: 45, damping: 0.1, held_out: 0.2, averaged: 3}"
      ).refine
        == Refinement(target: .both, iterations: 45, damping: 0.1, heldOut: 0.2, averaged: 3))
    #expect(try settings("refine: {}").refine == Refinement(target: .outputs))
    #expect(try settings("refine: {}").drawsAtRandom(outputs: 3))
  }

  @Test("importances of magnitudes are linear in the weight, others quadratic")
  func degree() throws {
    for (word, degree) in [
      ("magnitude", ImportanceDegree.linear), ("gradient_magnitude", .linear),
      ("gradient_magnitude_signed", .linear), ("ec", .quadratic), ("taylor", .quadratic),
      ("obd", .quadratic),
    ] {
      #expect(try settings("criterion: \(word)").pruningCriterion.degree == degree)
    }
  }
}
