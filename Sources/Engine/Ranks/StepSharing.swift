/// What ranks divide of the steps of a training. No bit depends on it.
package enum StepSharing: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// One rank takes the steps; the others wait.
  case alone
  /// Every rank takes all samples down and up, and changes its rows of the weights.
  case rows
  /// Every rank takes its blocks of samples down and up, and changes its rows of the weights.
  case samplesAndRows = 2

  /// Its name in messages and where it is asked for.
  package var word: String {
    switch self {
    case .alone: "alone"
    case .rows: "rows"
    case .samplesAndRows: "all"
    }
  }

  package init?(word: String) {
    guard let own = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = own
  }
}
