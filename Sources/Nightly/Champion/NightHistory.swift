import Runs
import Storage

/// What has been decided in a nightly job.
package struct NightHistory: Sendable {
  package let folder: NightlyFolder
  /// Oldest first.
  package let decisions: [Decision]
  /// The numbers of damaged lines of `decisions.jsonl`, from 1.
  package let damaged: [Int]
  /// Whether the last line of `decisions.jsonl` was never finished, or is cut off.
  package let isTorn: Bool
  /// The night in service; nil for none.
  package let champion: String?
  /// The nights that have a folder, the oldest first.
  package let nights: [String]
  /// How the link to it stands to the decisions.
  package let standing: Standing

  /// What the folder says. A process at work adds a decision and moves the link then: what is between the two is
  /// told only where it stays.
  ///
  /// - Throws: `StoreError`.
  package init(_ folder: NightlyFolder) throws(StoreError) {
    self = try SteadyLook(at: folder, [folder.layout.decisions]).value(isSettled: {
      $0.standing == .agreed
    }) { () throws(StoreError) in try NightHistory(ofLocked: folder) }
  }

  /// The same for a process that has the job's lock.
  ///
  /// - Throws: `StoreError`.
  init(ofLocked folder: NightlyFolder) throws(StoreError) {
    self.folder = folder
    let content = try DecisionLog(folder).read()
    (decisions, damaged, isTorn) = (content.decisions, content.damaged, content.isTorn)
    standing = Standing(content, in: folder)
    champion = folder.linkedNight
    nights = folder.nights
  }

  /// Whether the link stands where it stood before the last change of service: what a process leaves that is killed
  /// between the decision and the link, and no damage.
  var isUnfinished: Bool {
    guard case .pending(_, let linked) = standing else { return false }
    return decisions.filter(\.changesService).dropLast().last?.champion == linked
  }

  /// The nights that came to a network and have no folder any more: retention has let them go.
  package var gone: Set<String> {
    Set(decisions.filter(\.isOfNetwork).map(\.night)).subtracting(nights)
  }

  /// Whether `decision` is of the network in service, and left it there.
  package func isInService(_ decision: Decision) -> Bool {
    decision.night == champion && decision.champion == champion
  }

  /// The last night with a network.
  ///
  /// - Throws: `RunFailure.missing`.
  package func lastWithNetwork() throws(RunFailure) -> String {
    guard let last = decisions.last(where: \.isOfNetwork) else {
      throw .missing(
        path: folder.decisions, what: "no night has come to a network yet; its log is \(folder.log)"
      )
    }
    return last.night
  }

  /// The night that is not decided on; nil for none. Not always the last by name: a clock may have been set
  /// back.
  ///
  /// - Parameter nights: of the folder, the oldest first.
  package static func open(among nights: [String], _ decisions: [Decision]) -> String? {
    let decided = Set(decisions.map(\.night))
    return nights.last { !decided.contains($0) }
  }

  /// SHA-256 of the network of `night` as it was last in service; nil where no decision has looked at it.
  package static func digest(of night: String, in decisions: [Decision]) -> String? {
    decisions.last { $0.champion == night && $0.championDigest != nil }?.championDigest
  }

  /// The network of `night` as it was last judged; nil where no decision has measured it.
  static func judged(_ night: String?, in decisions: [Decision]) -> Contender? {
    decisions.last { $0.night == night && $0.challenger != nil }?.challenger
  }

  /// The nights that were in service, oldest first: what was rolled back from is no part of it, so that going
  /// back again goes further.
  static func line(of decisions: [Decision]) -> [String] {
    var line: [String] = []
    for decision in decisions where decision.changesService {
      guard let night = decision.champion else { continue }
      if decision.outcome == .rolledBack, let place = line.lastIndex(of: night) {
        line.removeSubrange((place + 1)...)
      } else if line.last != night {
        line.append(night)
      }
    }
    return line
  }

  /// All nights that were in service at some time, the last to come into it first.
  static func served(by decisions: [Decision]) -> [String] {
    var seen: Set<String> = []
    return decisions.reversed().filter(\.changesService).compactMap(\.champion)
      .filter { seen.insert($0).inserted }
  }

  /// The SHA-256 of networks that somebody has rolled back from and not promoted again.
  static func rejected(by decisions: [Decision]) -> Set<String> {
    var rejected: Set<String> = []
    var serving: String?
    for decision in decisions {
      switch decision.outcome {
      case .rolledBack:
        // How the network before was judged may be lost; what it was is recorded.
        let before = decision.incumbent?.sha256 ?? (decision.isForced ? serving : nil)
        if let before { rejected.insert(before) }
      case .promoted: if let digest = decision.championDigest { rejected.remove(digest) }
      case .kept, .refused, .undecided, .stopped, .failed, .abandoned: break
      }
      if decision.changesService { serving = decision.championDigest }
    }
    return rejected
  }
}
