import Nightly
import Reports
import Runs
import Schedules
import Storage
import Studies

/// What a shell offers for a word of a command line: names of what is there.
package struct CompletionWords {
  /// The words so far, with or without the program's name.
  private let words: [String]
  /// What the word that is completed begins with.
  private let prefix: String

  package init(_ words: [String], prefix: String) {
    self.words = words
    self.prefix = prefix
  }

  /// The folder of all runs.
  private var checkpoints: String { value(of: "--checkpoints") ?? "checkpoints" }

  private func value(of option: String) -> String? {
    for (index, word) in words.enumerated() {
      if word == option, words.indices.contains(index + 1) { return words[index + 1] }
      if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
    }
    return nil
  }

  // MARK: Names

  /// The names of what lies under the folder of all runs.
  package func names(of kinds: [FolderKind]) -> [String] {
    FilePaths.entries(of: checkpoints).filter { name in
      kinds.contains { FilePaths.exists("\(checkpoints)/\(name)/\($0.mark)") }
    }
  }

  /// Runs with a result, nightly jobs, and the files and folders that `prefix` may become.
  package var models: [String] {
    let names = names(of: [.run, .nightly]).filter { name in
      FilePaths.exists("\(checkpoints)/\(name)/\(FolderKind.nightly.mark)")
        || FilePaths.exists(RunFolder(checkpoints: checkpoints, name: name).result)
    }
    return names + files(endingIn: [".safetensors", ".onnx", ".npz"])
  }

  /// Files and folders that `prefix` may become.
  private func files(endingIn suffixes: [String]) -> [String] {
    FilePaths.siblings(of: prefix).filter { path in
      path.hasPrefix(prefix)
        && (FilePaths.isFolder(path) || suffixes.contains { path.hasSuffix($0) })
    }
  }

  /// The nights of the job that the command line names.
  package var nights: [String] {
    let locator = RunLocator(checkpoints: checkpoints)
    return words.dropFirst().lazy.compactMap { locator.job($0) }.first?.nights ?? []
  }

  // MARK: What a schedule holds

  /// The session of the schedule, or of the run, that the command line names; of the latest run where it names
  /// none.
  private var session: RunSession? {
    for word in words.dropFirst() where Self.isSchedule(word) {
      let options = RunSession.Options(
        checkpoints: checkpoints, surroundings: .process, continueCommand: "")
      return try? RunSession(schedulePath: word, options: options)
    }
    let locator = RunLocator(checkpoints: checkpoints)
    let named = words.dropFirst().lazy.filter { !$0.isEmpty }.compactMap { try? locator.run($0) }
    guard let folder = named.first ?? (try? locator.run(nil)) else { return nil }
    return try? RecordedRun(folder: folder).session(.process)
  }

  private static func isSchedule(_ word: String) -> Bool {
    (word.hasSuffix(".yaml") || word.hasSuffix(".yml")) && FilePaths.exists(word)
  }

  /// The stages of that schedule.
  package var stages: [String] {
    (try? session?.preview().plan.stages.map(\.name)) ?? []
  }

  /// The settings that the schedule of the command line states, each as `--set` takes it, and those of each
  /// layer where it has a budget that may say something of layers.
  package var settings: [String] {
    guard let path = words.dropFirst().first(where: Self.isSchedule),
      let bytes = try? SourceText.bytes(of: path), let document = try? ScheduleDocument(bytes)
    else { return [] }
    var settings = document.root.leaves.map { $0 + "=" }
    let layers = (try? session?.preview().plan.architecture.layerNames) ?? []
    for budget in document.root.mappings where budget.hasSuffix("budget") {
      settings += layers.map { "\(budget).layers.\($0).keep=" }
    }
    return settings
  }
}

extension YAMLNode {
  /// The key paths of all values that are texts or numbers.
  fileprivate var leaves: [String] { paths { if case .scalar = $0 { true } else { false } } }

  /// The key paths of all mappings.
  fileprivate var mappings: [String] { paths { if case .mapping = $0 { true } else { false } } }

  private func paths(at path: String = "", _ isWanted: (Content) -> Bool) -> [String] {
    let own = isWanted(content) && !path.isEmpty ? [path] : []
    switch content {
    case .scalar: return own
    case .list(let items):
      return own + items.enumerated().flatMap { $1.paths(at: "\(path)[\($0)]", isWanted) }
    case .mapping(let entries):
      return own
        + entries.flatMap {
          $0.value.paths(at: path.isEmpty ? $0.key : "\(path).\($0.key)", isWanted)
        }
    }
  }
}
