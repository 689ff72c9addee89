import Datasets
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
  /// The levels of a text column; nil for numbers.
  private let levels: [String]?

  /// Of a column `now` against `then`, in the same bins.
  ///
  /// - Parameter alarms: how often chance alone may exceed what is called chance.
  package init(_ now: ColumnProfile, since then: ColumnProfile, alarms: Double) {
    column = then.name
    index = then.stabilityIndex(of: now)
    chance = then.indexByChance(of: now, probability: alarms)
    self.then = then.shares
    self.now = now.shares
    levels = then.levels
  }

  /// Whether it has moved by more than `most`, and by more than chance explains.
  func exceeds(_ most: Double) -> Bool { index > most && index > chance }

  /// What is said of `what`, which has moved by more than `most`.
  func text(_ what: String, most: Double) -> String {
    "\(what): the distribution has moved; its population stability index (psi) is "
      + "\(NumberText.significant(index, 3)), guard.psi allows \(most); rows of the champion "
      + "\(Sparkline.text(then, from: 0)), of tonight \(Sparkline.text(now, from: 0))" + changes
  }

  /// Most levels that are named.
  private static let mostNew = 3
  private static let mostMoved = 2

  /// Which levels are new, and which have changed most; empty for numbers.
  private var changes: String {
    guard let levels else { return "" }
    let names = levels.map { excerpt($0) } + ["texts that the champion does not know"]
    let own = names.indices.filter { then.indices.contains($0) && now.indices.contains($0) }
    func share(_ value: Double) -> String { NumberText.significant(100 * value, 2) + " %" }
    let new = own.filter { then[$0] == 0 && now[$0] > 0 }.sorted { now[$0] > now[$1] }
    let moved = own.filter { then[$0] > 0 && then[$0] != now[$0] }
      .sorted { abs(now[$0] - then[$0]) > abs(now[$1] - then[$1]) }
    var text = ""
    if !new.isEmpty {
      text +=
        "; new: "
        + new.prefix(Self.mostNew).map { "\(names[$0]) (\(share(now[$0])) of the rows)" }
        .joined(separator: ", ") + (new.count > Self.mostNew ? ", …" : "")
    }
    if !moved.isEmpty {
      text +=
        "; changed most: "
        + moved.prefix(Self.mostMoved).map {
          "\(names[$0]) from \(share(then[$0])) to \(share(now[$0]))"
        }.joined(separator: ", ")
    }
    return text
  }
}
