import ArgumentParser
import Runs
import Schedules
import Storage
import Studies

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract:
      "Say what a key of a schedule or a study means, what may stand there, and what holds without it.",
    discussion: """
      A key may be given with those that lead to it, where one name stands in several places: a part of them, or \
      all, as messages and --set have them. Without a key, the keys at the top are told.

      A key that schedules do not have is looked for in studies. What it means in studies of several kinds is told of \
      each kind.
      """,
    examples: [
      "ecpipe explain", "ecpipe explain early_stop",
      "ecpipe explain 'stages[0].train.early_stop.patience'",
    ])

  @Argument(help: "The key, such as early_stop or alternate.finetune.")
  var key: String?

  @Flag(help: "Of studies, which ecpipe compare takes, in place of schedules.")
  var study = false

  func run() throws {
    let studies = StudyKind.allCases.map(Root.study)
    let roots = study ? studies : [.schedule] + studies
    let text = KeyText(width: Output.width)
    guard let key else { return try Output.line(overview(text).joined(separator: "\n")) }
    let lookups = roots.map { $0.block.lookup(key) }
    var meanings: [(root: Root, places: [BlockDescription.Place])] = []
    var told: Set<String> = []
    for (root, lookup) in zip(roots, lookups) {
      guard case .found(let places) = lookup else { continue }
      // Studies of all kinds have most of their keys in common.
      let new = places.filter { told.insert($0.meaning).inserted }
      if !new.isEmpty { meanings.append((root, new)) }
      if case .schedule = root { break }
    }
    guard !meanings.isEmpty else {
      throw RunFailure.commandLine(Self.problem(of: key, roots, lookups))
    }
    let isOnly = meanings.count == 1
    let parts = meanings.map { root, places in
      root.head(amongStudies: study, isOnly: isOnly) + text.lines(of: places)
    }
    try Output.line(parts.joined(separator: [""]).joined(separator: "\n"))
  }

  /// The keys at the top: of schedules, or of studies, first what all have and then what each kind has.
  private func overview(_ text: KeyText) -> [String] {
    guard study else { return text.overview(of: Root.schedule.block) }
    var told = Set(StudySettings.description.settings.map { $0.key + $0.summary })
    return text.overview(of: StudySettings.description)
      + StudyKind.allCases.flatMap { kind in
        let block = StudySettings.description(of: kind)
        let own = block.settings.filter { told.insert($0.key + $0.summary).inserted }
        return own.isEmpty
          ? []
          : [""] + Root.study(kind).head(amongStudies: true, isOnly: false)
            + text.overview(of: BlockDescription(block.name, block.summary, own))
      }
  }

  /// What a file describes whose keys are told.
  private enum Root {
    case schedule
    case study(StudyKind)

    /// What is said before a key of it: what has it, where that goes without saying for others.
    ///
    /// - Parameter isOnly: whether nothing else has the key.
    func head(amongStudies: Bool, isOnly: Bool) -> [String] {
      switch self {
      case .schedule: []
      case .study(.pruning) where isOnly:
        amongStudies ? [] : ["of a study, which ecpipe compare takes:", ""]
      case .study(let kind):
        ["of a study with kind: \(kind.rawValue), which ecpipe compare takes:", ""]
      }
    }

    var block: BlockDescription {
      switch self {
      case .schedule: RunSchedule.description
      case .study(let kind): StudySettings.description(of: kind)
      }
    }
  }

  /// Why nothing is found of `key`, and what may have been meant.
  private static func problem(
    of key: String, _ roots: [Root], _ lookups: [BlockDescription.Lookup]
  ) -> String {
    for (root, lookup) in zip(roots, lookups) {
      guard case .unknownInside(let key, let under, let allowed) = lookup else { continue }
      var elsewhere = ""
      if case .found(let places) = root.block.lookup(key) {
        var paths: [String] = []
        for place in places where !paths.contains(place.path) { paths.append(place.path) }
        elsewhere = "; \(key) stands in " + listed(Array(paths.prefix(3)))
      }
      return "\(under): \(KeyFault.unknown(key, among: allowed))\(elsewhere)"
    }
    let first = lookups.lazy.compactMap { lookup in
      if case .unknown(let first) = lookup { first } else { nil }
    }.first
    let names = Set(roots.flatMap { $0.block.places.compactMap(\.keys.last) }).sorted()
    let nearest = nearestWord(to: first ?? key, among: names)
    return "no key is called \(first ?? key)" + (nearest.map { "; did you mean \($0)?" } ?? "")
      + " (ecpipe explain lists those at the top)"
  }
}

extension BlockDescription.Place {
  /// By what two meanings of a key are the same.
  fileprivate var meaning: String { "\(path)\n\(setting.summary)\n\(setting.shape.words)" }
}
