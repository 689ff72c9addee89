import Runs
import Storage

/// How the link to the network in service stands to the decisions. A decision is on disk before the link
/// follows it; but files are damaged, and links are touched.
package enum Standing: Sendable, Equatable {
  /// The link leads where the last change of service says.
  case agreed
  /// The link does not follow the last change of service: its process was ended before, or somebody has
  /// touched the link. The decision counts.
  case pending(Decision, linked: String?)
  /// How the linked night came into service is lost from the decisions. The link counts.
  case lost(linked: String, decided: String?)

  init(_ content: DecisionLog.Content, in folder: NightlyFolder) {
    let linked = folder.linkedNight
    let last = content.decisions.last(where: \.changesService)
    guard last?.champion != linked else {
      self = .agreed
      return
    }
    let isUnknown = content.losesEnd || !content.decisions.contains { $0.night == linked }
    if let linked, isUnknown, folder.nights.contains(linked) {
      self = .lost(linked: linked, decided: last?.champion)
    } else if let last {
      self = .pending(last, linked: linked)
    } else {
      self = .agreed
    }
  }

  /// What somebody should know of it, as a clause; nil where both agree.
  package var problem: String? {
    switch self {
    case .agreed: nil
    case .pending(let decision, let linked):
      "the record says \(decision.champion ?? "none"), decided at \(decision.time), the link says "
        + (linked ?? "none")
    case .lost(let linked, let decided):
      "the link says \(linked), the record says \(decided ?? "none"): what was decided last is lost"
    }
  }

  /// What puts it right, as a clause; nil where both agree.
  package var remedy: String? {
    switch self {
    case .agreed: nil
    case .pending: "the next night or rollback finishes it"
    case .lost:
      "the link counts, and the next night, rollback or promotion records it and goes on from it"
    }
  }

  /// Both in one sentence; nil where they agree.
  package var text: String? {
    problem.flatMap { problem in remedy.map { "\(problem); \($0)" } }
  }
}
