import Runs
import Studies
import Storage

/// A study's page: figures and tables in one HTML file that needs nothing else.
package struct StudyPage {
  private let name: String
  private let comparisons: [StudyComparison]
  private let settings: StudySettings

  package init(name: String, settings: StudySettings, table: StudyTable) {
    self.name = name
    self.settings = settings
    comparisons = StudyComparison.all(settings.outline, table)
  }

  /// The page.
  package var html: String {
    Markup.page(name, introduction: introduction, comparisons.map(section).joined())
  }

  private var introduction: String {
    let seeds = settings.seeds.count
    let tuning =
      settings.finetune.map { finetune in
        settings.rounds.count == 1
          ? ", pruned in one stage, and trained for \(finetune.epochs) more"
          : ", pruned in \(counted(settings.rounds.count, "round")) (\(settings.rounds.curve.name)), and "
            + "trained for \(finetune.epochs) more in each; before fine-tuning stands for behind the "
            + "pruning of the last round"
      } ?? ", and pruned in one stage"
    let dense =
      settings.train.map { "Dense networks trained for \(counted($0.epochs, "epoch"))" }
      ?? "Networks that were trained elsewhere"
    return
      "\(dense)\(tuning); measured on the test "
      + "part, over \(counted(seeds, "seed")). Boxes: quartiles and median of the "
      + "seeds, whiskers from the least to the largest. The loss is \(settings.training.loss.word). Results of every cell: results.csv."
  }

  private func section(_ comparison: StudyComparison) -> String {
    let figures = StudyFigures(comparison)
    var text =
      "<h2>\(Markup.escaped(comparison.dataset)), \(Markup.escaped(comparison.model))</h2>\n"
    if comparison.seedsDoNotDiffer {
      text += "<p>All seeds give the same numbers, since nothing is drawn at random: nothing is "
      text += "tested, and one seed is enough.</p>\n"
    }
    text += figures.legend
    for measure in StudyComparison.Measure.allCases where comparison.has(measure) {
      text += "<h3>\(measure.title)</h3>\n" + figures.boxes(measure)
    }
    text += figures.ablation
    for measure in StudyComparison.Measure.allCases where comparison.has(measure) {
      text += StudyPageTable(comparison: comparison, measure: measure).html
    }
    return text
  }
}

extension StudyComparison.Measure {
  /// As a heading.
  var title: String {
    "Test \(quantity) \(isBefore ? "before" : "after") fine-tuning"
  }

  /// Whether it is a loss or an error: the less the better, and shown on a logarithmic axis.
  package var isLoss: Bool { ["loss", "rmse", "mae"].contains(quantity) }

  /// A mean with its standard error; of accuracies as percentages.
  package func text(_ values: [Double]) -> String {
    guard quantity == "accuracy" else { return NumberText.mean(Summary(values)) }
    return NumberText.mean(Summary(values.map { 100 * $0 })) + " %"
  }
}
