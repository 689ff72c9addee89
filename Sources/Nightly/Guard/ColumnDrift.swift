import Runs
import Storage

/// How far the values of a column have moved since the champion was trained.
package struct ColumnDrift: Sendable, Equatable {
  /// The column's name, or its position.
  package let column: String
  /// The population stability index.
  package let index: Double
  /// What chance alone may make of it.
  let chance: Double
  private let then: [Double]
  private let now: [Double]

  /// Of a column `now` against `then`, in the same bins.
  ///
  /// - Parameter alarms: how often chance alone may exceed what is called chance.
  package init(_ now: ColumnProfile, since then: ColumnProfile, alarms: Double) {
    column = then.name
    index = then.stabilityIndex(of: now)
    chance = then.indexByChance(of: now, probability: alarms)
    self.then = then.shares
    self.now = now.shares
  }

  /// Whether it has moved by more than `most`, and by more than chance explains.
  func exceeds(_ most: Double) -> Bool { index > most && index > chance }

  /// What is said of `what`, which has moved by more than `most`.
  func text(_ what: String, most: Double) -> String {
    "\(what): the distribution has moved; its population stability index (psi) is "
      + "\(NumberText.significant(index, 3)), guard.psi allows \(most); rows of the champion "
      + "\(Sparkline.text(then, from: 0)), of tonight \(Sparkline.text(now, from: 0))"
  }
}
