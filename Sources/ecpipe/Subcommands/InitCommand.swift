import ArgumentParser
import Datasets
import Drafts
import Runs
import Schedules
import Storage
import Studies

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented schedule, fitted to a CSV file.",
    discussion: """
      With --csv, it looks at the columns: which one is to be predicted, whether it has classes or numbers, \
      which columns are text, where values are missing, and which tell nothing. What was found stands in \
      comments, and the schedule runs as it is. Of a table of more than 32 MiB rows from all over it are looked at, \
      and the schedule is not tried on the data, which ecpipe validate does. Without --csv it is a template, in which lines marked with \
      <- are to be changed.

      Beside it lies the JSON Schema that its first line names, so that an editor completes and checks it.
      """,
    examples: [
      "ecpipe init --csv people.csv", "ecpipe init nightly.yaml --csv people.csv --nightly",
      "ecpipe init fields.yaml --study --kind receptive_fields",
    ])

  @Argument(
    help: ArgumentHelp(
      "The file to write. (default: the name of the CSV file, or schedule.yaml or study.yaml)"),
    completion: .schedules)
  var file: String?

  @Option(
    help: ArgumentHelp(
      "The table to learn from; .gz and .zst are read as they are.", valueName: "file"),
    completion: .samples)
  var csv: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A column to predict: its name, its index from 0, or last; of a regression also several, such as a,b.",
      valueName: "column"))
  var label: [String] = []

  @Option(
    help: ArgumentHelp("What is learnt: classification or regression.", valueName: "task"),
    completion: .list(LearningTask.allCases.map(\.rawValue)))
  var task: String?

  @Flag(help: "Write a study, which compares ways to prune.")
  var study = false

  @Option(
    help: ArgumentHelp(
      "What the study asks, as its key kind says it. (default: pruning)", valueName: "kind"),
    completion: .list(StudyKind.allCases.map(\.rawValue)))
  var kind: String?

  @Flag(help: "Write a job of every night.")
  var nightly = false

  @Flag(help: "Write over a file that is there already.")
  var force = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Self.check("--task", task, among: LearningTask.allCases.map(\.rawValue))
    try Self.check("--kind", kind, among: StudyKind.allCases.map(\.rawValue))
    if kind != nil, !study {
      throw ValidationError("--kind is what a study asks; add --study")
    }
    if let file, DataFileNames.isData(file) {
      throw ValidationError(
        "\(file): this is a file of data, and init writes a schedule; the table is named with --csv: "
          + "ecpipe init --csv \(ShellWord.quoted(csv ?? file))")
    }
    if study, nightly {
      throw ValidationError("--nightly: a study is no job; leave one of them out")
    }
    if csv == nil, !label.isEmpty || task != nil {
      throw ValidationError("--label and --task belong to --csv; name the table")
    }
    if task == LearningTask.classification.rawValue, label.count > 1 {
      throw ValidationError("--label: classes have one column; give one, or --task regression")
    }
    if let csv, NamedFile(csv).isStream {
      throw ValidationError("--csv \(csv): this is no file that is there later; name a file")
    }
  }

  private var draftKind: Draft.Kind {
    guard study else { return nightly ? .nightly : .schedule }
    return switch kind.flatMap(StudyKind.init) ?? .pruning {
    case .pruning: .study
    case .units: .units
    case .dropoutPhases: .dropoutPhases
    case .receptiveFields: .receptiveFields
    }
  }

  /// The name that the table's file has without its endings.
  private var stem: String? {
    guard var name = csv.map({ FilePaths.name(of: $0) }) else { return nil }
    for ending in [".gz", ".zst", ".csv", ".tsv", ".txt"] where name.lowercased().hasSuffix(ending)
    {
      name = String(name.dropLast(ending.count))
    }
    return name
  }

  /// The file that is written.
  private var path: String {
    if let file { return file }
    let suffix = study ? "-study" : nightly ? "-nightly" : ""
    return stem.map { Draft.name(from: $0) + suffix + ".yaml" }
      ?? (study ? "study.yaml" : nightly ? "nightly.yaml" : "schedule.yaml")
  }

  func run() throws {
    let path = path
    let isStream = NamedFile(path).isStream
    try OutputFile.check(path, against: [csv].compactMap { $0 }, option: "init")
    if !isStream, !force, FilePaths.isTaken(path) {
      throw RunFailure.commandLine(
        "\(path): this file is there already; name another one, or write over it with --force")
    }
    try DataFileNames.demand([csv].compactMap { $0 })
    let guess = try csv.map { csv in
      let survey = try TableSurvey(csv)
      return try TableGuess(
        survey, labels: survey.selectors(label), task: task.flatMap(LearningTask.init(rawValue:)),
        sparesConstants: draftKind == .receptiveFields)
    }
    let schema = isStream ? nil : SchemaFile(isOfStudies: study, folder: FilePaths.folder(of: path))
    let name = Draft.name(from: Self.stem(of: isStream ? stem ?? "run" : path))
    let draft = Draft(
      draftKind, name: name, file: path, schema: schema?.name,
      table: DraftTable(
        path: csv.map { RelativePath.of($0, from: NamedFile(path).folder) } ?? "data.csv",
        guess: guess))
    let text = draft.text
    if let guess { tell(guess, draft.table) }
    if let guess, !guess.dates.isEmpty {
      output.note(
        "\(guess.survey.file): left out, since no network can make anything of dates as they are: "
          + guess.dates.map { "\($0)" }.joined(separator: ", ")
          + "; to use them, make columns of numbers of them, such as month, weekday or hour")
    }
    if isStream { return try NamedFile(path).write(Array(text.utf8)) }
    let added = schema.flatMap { $0.isToBeWritten(over: force) ? $0 : nil }
    let before = try FilePaths.readIfThere(path)
    try NamedFile.write(all: (added.map { [$0.file] } ?? []) + [(path, Array(text.utf8))])
    do {
      // What reads all rows of a large table is another command.
      if let guess, guess.survey.sampledRows == nil { try check(path) }
    } catch {
      // The schedule is as it was before.
      if let before { try NamedFile(path).write(before) } else { try DurableFile.remove(path) }
      throw error
    }
    try output.print(
      [
        "format": 1, "file": .string(path), "schema": JSONValue(added?.file.path),
        "name": .string(name), "kind": .string(study ? "study" : "schedule"),
        "task": JSONValue(guess?.target.task.rawValue),
        "targets": guess.map { guess in
          .array(guess.target.columns.map { JSONValue($0) })
        } ?? .null,
        "rows": JSONValue(guess?.survey.rows),
        "sampled_rows": JSONValue(guess?.survey.sampledRows),
      ], or: lines(path, guess))
  }

  /// What somebody may want otherwise: columns that say nothing, and numbers that may be none.
  private func tell(_ guess: TableGuess, _ table: DraftTable) {
    let file = guess.survey.file
    let constants = guess.constants.map { "\($0)" }
    if !constants.isEmpty {
      output.note(
        "\(file): left out, since all rows have the same value: \(constants.joined(separator: ", "))"
      )
    }
    if let setting = table.suspectSetting {
      let found = guess.suspects.compactMap { column in
        column.suspect.map { "\(column.place) has \($0.text) in \(Figures.count($0.rows, "row"))" }
      }
      output.note(
        "\(file): \(found.joined(separator: ", ")), far from all other numbers; where that stands for a "
          + "missing value, write missing: \(setting)")
    }
  }

  /// What was written, and what to do next.
  private func lines(_ path: String, _ guess: TableGuess?) -> [String] {
    let word = ShellWord.quoted(path)
    let next =
      study
      ? "ecpipe compare \(word) --quick"
      : nightly ? "ecpipe run \(word) --nightly" : "ecpipe run \(word)"
    guard let guess else {
      return ["\(path): written; change the lines marked with <-, then: ecpipe validate \(word)"]
    }
    let targets = guess.target.columns.map { "\(guess.survey.columns[$0].place)" }
    let inputs = guess.roles.count(where: \.isInput)
    let sampled = guess.survey.sampledRows
    let also = guess.target.neighbour.map { neighbour in
      let columns = [neighbour] + guess.target.columns
      let words = columns.map { column in
        let place = guess.survey.columns[column].place
        return place.name?.contains(",") == true ? "\(column)" : place.commandSelector
      }
      return
        "the target was chosen by its place; to predict another column, or several, such as the last two: "
        + "--label \(words.joined(separator: ","))"
    }
    return [
      "\(path): written; \(guess.target.task.rawValue) of \(targets.joined(separator: ", ")) from "
        + "\(Figures.count(inputs, "column")), \(sampled == nil ? "" : "about ")"
        + Figures.count(guess.survey.rows, "row")
        + (sampled.map { ", of which \(Figures.grouped($0)) were looked at" } ?? "")
    ] + [also].compactMap { $0 } + [
      sampled == nil
        ? "next: \(next)" : "next: ecpipe validate \(word), which reads all rows; then: \(next)"
    ]
  }

  /// Reads what was written as a run would.
  private func check(_ path: String) throws {
    if study {
      let session = try StudySession(
        path: path,
        options: StudySession.Options(
          checkpoints: folders.folder, threads: 1, surroundings: .process, continueCommand: ""))
      _ = try session.planned()
      return
    }
    let session = try RunSession(
      schedulePath: path,
      options: RunSession.Options(
        checkpoints: folders.folder, surroundings: Surroundings.process.beforeProducts,
        continueCommand: ""))
    let preview = try session.feasiblePreview()
    let nights = NightlySchedule.obstacles(session, preview.plan.facts, at: path)
    (preview.notices + nights.map(Notice.warning)).forEach(output.tell)
  }

  private static func stem(of path: String) -> String {
    let name = FilePaths.name(of: path)
    for ending in [".yaml", ".yml"] where name.hasSuffix(ending) {
      return String(name.dropLast(ending.count))
    }
    return name
  }
}

/// The schema that the first line of a draft names.
private struct SchemaFile {
  let name: String
  let file: (path: String, bytes: [UInt8])

  init(isOfStudies: Bool, folder: String) {
    name = isOfStudies ? "ecpipe-study.schema.json" : "ecpipe.schema.json"
    let schema = isOfStudies ? JSONSchema.study : JSONSchema.schedule
    file = (FilePaths.resolve(name, in: folder), Array((schema.json.readable + "\n").utf8))
  }

  /// Whether none is there; with `force`, also where another one is.
  func isToBeWritten(over force: Bool) -> Bool {
    if !FilePaths.isTaken(file.path) { return true }
    return force && (try? FilePaths.read(file.path)) != file.bytes
  }
}

/// Paths as a file in another folder has them.
enum RelativePath {
  /// `path` as it is written in a file of `folder`: relative, unless they have only the root in common.
  static func of(_ path: String, from folder: String) -> String {
    if path.hasPrefix("/") { return path }
    func parts(_ path: String) -> [Substring] {
      FilePaths.real(path).split(separator: "/")
    }
    let (own, base) = (parts(FilePaths.folder(of: path)), parts(folder))
    let shared = zip(own, base).prefix { $0 == $1 }.count
    guard shared > 0 else { return FilePaths.absolute(path) }
    let steps = Array(repeating: "..", count: base.count - shared) + own[shared...].map(String.init)
    return (steps + [FilePaths.name(of: path)]).joined(separator: "/")
  }
}
