import Storage

extension StudyTable {
  /// Warnings where no network of a data set is better on the test part than what can be said without having learnt
  /// anything: the largest class, or the mean, of every row. What such a study compares is chance.
  ///
  /// - Parameter guesses: the test accuracies of saying the largest class, by the names of data sets.
  package func learningWarnings(guesses: [String: Double]) -> [String] {
    rows.map(\.identity.dataset).uniqued().compactMap { dataset in
      let results = rows.filter { $0.identity.dataset == dataset }.map(\.result)
      guard let reason = Self.failure(of: results, guess: guesses[dataset]) else { return nil }
      return
        "\(dataset): no network is better on the test part than \(reason); train longer or with another learning "
        + "rate, and look at the data: what is compared of such networks is chance"
    }
  }

  /// What no network is better than, and the best; nil where one is.
  private static func failure(of results: [StudyResult], guess: Double?) -> String? {
    func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 2) + " %" }
    if let guess {
      let best = results.flatMap { [$0.accuracyBefore, $0.accuracyAfter] }.compactMap { $0 }.max()
      return best.flatMap { best in
        best > guess
          ? nil
          : "saying the largest class of every row, which is right in \(percent(guess)) (the best is right in "
            + "\(percent(best)))"
      }
    }
    let best = results.flatMap { [$0.r2Before, $0.r2After] }.compactMap { $0 }.max()
    return best.flatMap { best in
      best > 0
        ? nil : "saying the mean of every row (the best has r² \(NumberText.rSquared(best)))"
    }
  }
}
