import ArgumentParser
import Datasets
import Engine
import Glibc
import ModelFiles
import NumericCore
import Runs
import Storage

/// The help of an argument that names a model of any kind.
let anyModelHelp = ArgumentHelp(
  "A run's name or folder, which stands for its result, or \(ModelFormats.names).")

/// The help of an argument that names a run or a study.
let anyWorkHelp = ArgumentHelp(
  "The name or folder of a run or a study; without it, the latest run.", valueName: "run")

extension ParsableArguments {
  /// - Throws: `ValidationError` for a word of `option` that is not one of `words`.
  static func check(_ option: String, _ word: String?, among words: [String]) throws {
    if let word, !words.contains(word) {
      throw ValidationError("\(option) \(word): allowed are \(words.joined(separator: ", "))")
    }
  }

  /// - Throws: `ValidationError` for a value of `option` outside `range`.
  static func check(_ option: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
    if let value, !range.contains(value) {
      throw ValidationError(
        "\(option) \(value) is out of range; allowed: whole numbers from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
  }
}

/// What a file, such as a state dict, may not say of its layers.
struct ActivationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What follows the hidden layers of a file that does not say it: "
        + Activation.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "name"), completion: .list(Activation.allCases.map(\.rawValue)))
  var activation: String?

  func validate() throws {
    try Self.check("--activation", activation, among: Activation.allCases.map(\.rawValue))
  }

  /// The activation that was given.
  var given: Activation? { activation.flatMap(Activation.init(rawValue:)) }
}

/// What a file, such as a state dict, may not say.
struct StateDictOptions: ParsableArguments {
  @OptionGroup private var layers: ActivationOptions

  @Option(
    name: .customLong("classes"),
    help: ArgumentHelp(
      "The classes of a file that does not say them, in the order of its outputs, with commas "
        + "between them. Without it, those of labels, where there are any, in the order of the alphabet or of "
        + "the numbers, which is said.",
      valueName: "names"))
  var classNames: String?

  /// The classes that were given, without blanks around them.
  var classes: [String]? {
    classNames.map { names in
      names.split(separator: ",", omittingEmptySubsequences: false).map { name in
        var name = name
        while name.first == " " { name.removeFirst() }
        while name.last == " " { name.removeLast() }
        return String(name)
      }
    }
  }

  /// The activation that was given.
  var given: Activation? { layers.given }
  /// As it was written.
  var activation: String? { layers.activation }
}

/// Where runs lie.
struct FolderOptions: ParsableArguments {
  @Option(
    name: .customLong("checkpoints"),
    help: ArgumentHelp("The folder of all runs.", valueName: "folder"), completion: .directory)
  var folder = Self.standard

  /// The folder that holds unless another one is named.
  static let standard = "checkpoints"

  var locator: RunLocator { RunLocator(checkpoints: folder) }
}

/// How results are shown.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Flag(help: "Print nothing on standard output, and on standard error only warnings and errors.")
  var quiet = false

  /// Shows what should be seen on standard error; notes unless quiet.
  func tell(_ notice: Notice) { if notice.isWarning || !quiet { Output.notice(notice) } }

  /// Shows how far a table is on its way to a file of numbers, on standard error; nothing where quiet.
  var tellConversion: @Sendable (TableConversion) -> Void {
    if quiet { return { _ in } }
    let display = ConversionDisplay()
    return { display.show($0) }
  }

  /// Shows a note unless quiet.
  func note(_ text: String) { tell(.note(text)) }

  /// Prints the line `text` unless quiet.
  ///
  /// - Throws: `StoreError`.
  func line(_ text: String) throws { if !quiet { try Output.line(Self.unbroken(text)) } }

  /// A name in a line may hold a line break, which would make several of it.
  private static func unbroken(_ line: String) -> String { line.writingOut { $0 == "\n" } }

  /// Prints `json` unless quiet.
  ///
  /// - Throws: `StoreError`.
  func line(_ json: JSONValue) throws { if !quiet { try Output.exact(json.readable + "\n") } }

  /// Prints `json` where that is wanted, else `lines`; on standard error where standard output is one of
  /// the files `written`.
  ///
  /// - Throws: `StoreError`, and what making either throws.
  func print(
    _ json: @autoclosure () throws -> JSONValue, or lines: @autoclosure () throws -> [String],
    beside written: [String?] = []
  ) throws {
    let isTaken = written.contains { $0.map { NamedFile($0).isStandardOutput } ?? false }
    if self.json {
      let json = try json()
      if !isTaken { return try line(json) }
      if !quiet { try Output.exact(json.readable + "\n", to: 2) }
    } else {
      for text in try lines() {
        if !isTaken { try line(text) } else if !quiet { Output.error(Self.unbroken(text)) }
      }
    }
  }
}

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute; results do not depend on it. Without it, one a processor.",
      valueName: "n"))
  var threads: Int?

  func validate() throws { try Self.check("--threads", threads, 1...1024) }

  /// As many threads as wanted.
  var count: Int { threads ?? Self.usual }

  /// As many as there are where nobody says how many: one a processor, of which ranks on this host have a share.
  static var usual: Int {
    max(1, min(1024, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / Ranks.onThisHost))
  }

  /// What work takes from the machine, with as many threads as wanted.
  var surroundings: Surroundings {
    var surroundings = Surroundings.process
    surroundings.threads = { [count] in count }
    return surroundings
  }

  /// A pool of as many threads as wanted, with the memory that they multiply in.
  ///
  /// - Throws: `MemoryShortage`.
  var pool: WorkerPool {
    get throws {
      try ProductBuffers.reserve(threads: count)
      return WorkerPool(threadCount: count)
    }
  }
}
