extension StudySession {
  /// The test accuracy of guessing the largest class, by the names of data sets; nothing of numbers.
  ///
  /// - Throws: what reading the data throws.
  func guesses(_ data: StudyData) throws -> [String: Double] {
    var guesses: [String: Double] = [:]
    for (index, source) in settings.sources.enumerated() {
      let name = settings.datasets[source.dataset].name
      if guesses[name] != nil || !data.hasClasses(index) { continue }
      guesses[name] = try data.parts(index).guessAccuracy
    }
    return guesses
  }
}
