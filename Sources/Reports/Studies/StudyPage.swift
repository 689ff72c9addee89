import Runs
import Studies
import Storage

/// A study's page: figures and tables in one HTML file that needs nothing else.
package struct StudyPage {
  private let name: String
  private let comparisons: [StudyComparison]
  private let settings: StudySettings
  private let table: StudyTable
  private let guesses: [String: Double]

  /// - Parameter guesses: the test accuracy of guessing the largest class, by the names of data sets.
  package init(
    name: String, settings: StudySettings, table: StudyTable, guesses: [String: Double] = [:]
  ) {
    self.name = name
    self.settings = settings
    self.table = table
    self.guesses = guesses
    comparisons = StudyComparison.all(settings.outline, table)
  }

  /// The page.
  package var html: String {
    if let experiment = settings.kind.experiment {
      return StudyFindingsPage(
        name: name, settings: settings, table: table, guesses: guesses, experiment: experiment
      ).html
    }
    return Page(
      title: name, introduction: introduction,
      sections: comparisons.enumerated().map { section($1, number: $0) }
    ).html()
  }

  private var introduction: String {
    let seeds = settings.seeds.count
    let tuning =
      settings.finetune.map { finetune in
        settings.rounds.count == 1
          ? ", pruned in one stage, and trained for \(finetune.epochs) more"
          : ", pruned in \(counted(settings.rounds.count, "round")) (\(settings.rounds.curve.name)), and "
            + "trained for \(finetune.epochs) more in each; before fine-tuning stands for after the "
            + "pruning of the last round"
      } ?? ", and pruned in one stage"
    let dense =
      settings.train.map { "Dense networks trained for \(counted($0.epochs, "epoch"))" }
      ?? "Networks that were trained elsewhere"
    return
      "\(dense)\(tuning); measured on the test "
      + "part, over \(counted(seeds, "seed")). Boxes: quartiles and median of the "
      + "seeds, whiskers from the least to the largest. The loss is \(settings.training.loss.word). Results of every cell: results.csv."
      + (comparisons.count > 1 ? " " + settings.kind.acrossNetworks : "")
  }

  private func section(_ comparison: StudyComparison, number: Int) -> Page.Section {
    let prefix = "data-\(number + 1)"
    let figures = StudyFigures(
      comparison, prefix: prefix, guess: guesses[comparison.dataset])
    var section = Page.Section(
      id: prefix, heading: "\(comparison.dataset), \(comparison.model)",
      blocks: [.legend(figures.legend)])
    if comparison.seedsDoNotDiffer {
      section.paragraphs += [
        "All seeds give the same numbers, since nothing is drawn at random: nothing is tested, and one seed "
          + "is enough."
      ]
    }
    let measures = StudyComparison.Measure.allCases.filter(comparison.has)
    for measure in measures {
      section.blocks.append(.figures([figures.boxes(measure)]))
    }
    section.paragraphs += UnprunedVerdict.all(comparison).map(\.sentence)
    section.blocks += figures.ablation
    for measure in measures {
      section.blocks +=
        StudyPageTable(comparison: comparison, measure: measure, prefix: prefix).blocks
    }
    return section
  }
}

extension StudyComparison.Measure {
  /// As a heading.
  var title: String {
    "Test \(quantity) \(isBefore ? "before" : "after") fine-tuning"
  }

  /// A mean with its standard error; of accuracies as percentages.
  package func text(_ values: [Double]) -> String {
    guard quantity == "accuracy" else { return NumberText.mean(Summary(values)) }
    return NumberText.mean(Summary(values.map { 100 * $0 })) + " %"
  }
}
