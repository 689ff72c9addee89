import NeuralNetworks

/// By what rows are read: how a table is laid out, its columns, and what is known of them.
package struct TableRequest: Sendable {
  var format = CSVFormat()
  /// The columns of the targets; those of the model, or the last one, where there are none.
  var labels: [ColumnSelector] = []
  var columns = ColumnSettings()
  /// What the targets are; nil where only inputs are wanted.
  var task: LearningTask?
  var context = ReadingContext()
  /// Whether a row whose missing values have nothing to stand for them is kept where it would be dropped.
  var keepsRows = false

  /// The same request, of which messages say that columns are ignored already where they are.
  var withOwnWords: TableRequest {
    var request = self
    request.context.words = context.words.having(ignored: !columns.ignored.isEmpty)
    return request
  }

  /// What becomes of missing values: as stated, or as in the training of the model that rows are read for.
  var missing: ColumnSettings.Missing {
    let drops = context.interface?.dropsMissing == true
    return columns.missing == .error && drops ? .drop : columns.missing
  }

  /// Whether a row without a target is left out.
  var dropsTargets: Bool { missing == .drop || columns.dropsTargets }

  /// What stands for a missing value: as stated, or as in the training of that model.
  var markers: MissingMarkers {
    MissingMarkers(columns.markers ?? context.interface?.missingMarkers)
  }
}

/// What is known of data before they are read.
package struct ReadingContext: Sendable {
  /// The classes that the training part defines.
  package let known: KnownClasses?
  /// By what columns are recognized; nil where the data define it.
  package let interface: ModelInterface?
  /// Whose the interface is, for messages.
  package let owner: String
  /// How settings are written, for messages.
  package fileprivate(set) var words: SettingWords
  let hashing: RowHashing
  /// Where inputs are kept that can be read where they lie.
  let storage: DataStorage
  /// Where tables are converted to files of numbers, whose rows stay there; nil for memory.
  let conversions: TableConversions?
  /// Whether it is told which columns of the data `interface` leaves out, where the request does not.
  var tellsLeftOut = false
  /// Threads that read a table.
  let threads: Int

  package init(
    known: KnownClasses? = nil, interface: ModelInterface? = nil, owner: String = "the model",
    words: SettingWords = .command, storage: DataStorage = .memory, threads: Int = 1
  ) {
    self.init(
      known: known, interface: interface, owner: owner, words: words, hashing: RowHashing(),
      storage: storage, threads: threads)
  }

  init(
    known: KnownClasses?, interface: ModelInterface?, owner: String, words: SettingWords,
    hashing: RowHashing, storage: DataStorage = .memory, conversions: TableConversions? = nil,
    threads: Int = 1
  ) {
    (self.storage, self.conversions, self.threads) = (storage, conversions, threads)
    self.hashing = hashing
    self.known = known
    self.interface = interface
    self.owner = owner
    self.words = words
  }
}

/// Which hashes of rows are wanted while they are read.
struct RowHashing {
  /// Whether any are.
  var isWanted = false
  /// The column of the key that a split goes by; nil for none.
  var key: ColumnSelector?
}
