import NumericCore
import Storage

/// The second walk over a CSV text: fills inputs and targets, on one thread or on several. What comes of it does not
/// depend on how many there are: rows are put together in their order, and so is what is to be said of them.
struct CSVRows {
  /// [rows, inputs]; no rows where they are written to a file.
  private var inputs: DataMatrixBuilder
  /// Takes the inputs in the place of memory.
  private let writer: RowWriter?
  /// [rows, targets]; no columns unless the task is regression.
  private var values: DataMatrixBuilder
  /// The label of each row; nil unless the task is classification.
  private(set) var classes: ClassTable?
  /// Rows that were read.
  private var seen = 0
  /// Rows that were read and kept.
  private(set) var kept = 0
  /// Inputs that are missing and not filled yet.
  private(set) var holes: MissingInputs
  /// Missing values of each column, filled or not.
  private(set) var missing: [Int]
  /// Rows that are kept though a value is missing.
  private(set) var incomplete: [Int32] = []
  /// Columns of whole numbers that float64 does not hold, with one of them.
  private(set) var coarse: [Int: String] = [:]
  /// Numbers that float32 does not hold as they are written, the first of them.
  private(set) var large: [LargeNumber] = []
  /// Of each column, texts for which all its inputs are 0, and the first of them.
  private(set) var unknown: [Int: (count: Int, first: String)] = [:]
  /// Nil where nobody asks.
  private(set) var hashes: CSVRowHashes?

  let rules: CSVRowRules
  private let threads: Int
  private var problems: CSVProblems
  private var table: CSVTable { rules.table }

  /// Numbers that lie in memory besides, at most, where that does not depend on how long a row is.
  private static let mostNumbers = 1 << 22
  /// Numbers that are read before they are put behind the others, where one thread reads.
  private static let batchNumbers = 1 << 15
  /// Sections for each thread, so that none waits for long.
  private static let sectionsPerThread = 8

  /// Room for all rows.
  ///
  /// - Parameters:
  ///   - hashes: where rows are hashed; nil for nowhere.
  ///   - writer: takes the inputs in the place of memory.
  init(
    _ table: CSVTable, _ plan: ColumnPlan, _ request: TableRequest, hashes: CSVRowHashes? = nil,
    writer: RowWriter? = nil
  ) {
    self.writer = writer
    self.hashes = hashes
    rules = CSVRowRules(table, plan, request, hashes: hashes)
    threads = request.context.threads
    inputs = DataMatrixBuilder(rows: writer == nil ? table.rows : 0, columns: plan.width)
    values = DataMatrixBuilder(rows: table.rows, columns: rules.values)
    classes = rules.classes(rows: table.rows)
    missing = [Int](repeating: 0, count: table.columns)
    holes = MissingInputs(columns: plan.width)
    problems = CSVProblems(table, plan.targets, request.context.words)
  }

  /// The rows that were read, without those that were dropped; they are let go of.
  mutating func takeMatrices() -> (inputs: DataMatrix, values: DataMatrix) {
    (inputs.take(writer == nil ? kept : 0), values.take(kept))
  }

  /// Reads all rows.
  /// - Throws: `DatasetError` with all fields that are not what their columns need.
  mutating func read() throws(DatasetError) {
    let sections = sectionsAtOnce
    if sections > 1 { try readApart(sections) } else { try readInOrder() }
    guard seen == table.rows else { throw .file(table.file, .changedWhileReading) }
    try problems.throwIfAny()
    guard kept > 0 else {
      throw .at(
        table.file,
        "every row has a missing value, so missing: drop leaves none; leave columns out, or write "
          + "missing: mean or median")
    }
  }

  /// How many sections are read at once; 1 where rows are read in their order.
  private var sectionsAtOnce: Int {
    guard threads > 1, table.sections.count > 1, table.start.isSeekable else { return 1 }
    let rows = table.sections.reduce(0) { max($0, $1.rows) }
    let numbers = max(1, rows * (rules.plan.width + rules.values))
    let most = Self.mostNumbers / numbers
    return most < threads ? 1 : min(most, Self.sectionsPerThread * threads)
  }

  /// Reads the sections of the text, `count` of them at once.
  private mutating func readApart(_ count: Int) throws(DatasetError) {
    let pool = WorkerPool(threadCount: threads)
    let (sections, rules) = (table.sections, rules)
    for first in stride(from: 0, to: sections.count, by: count) {
      let batches = pool.mapKeepingSubnormals(tasks: min(count, sections.count - first)) { task in
        CSVRowBatch(rules, of: sections[first + task])
      }
      for batch in batches { try add(batch) }
    }
  }

  /// Reads the text from front to back.
  private mutating func readInOrder() throws(DatasetError) {
    let most = max(1, Self.batchNumbers / max(1, rules.plan.width + rules.values))
    var scanner = table.start
    while !scanner.isAtEnd {
      var batch = CSVRowBatch(rules, most: min(most, table.rows - seen))
      batch.read(&scanner)
      try add(batch)
      guard batch.seen > 0 || scanner.isAtEnd else {
        throw .file(table.file, .changedWhileReading)
      }
    }
  }

  /// Puts `batch` behind what was read.
  private mutating func add(_ batch: CSVRowBatch) throws(DatasetError) {
    let table = rules.table
    seen += batch.seen
    guard seen <= table.rows else { throw .file(table.file, .changedWhileReading) }
    if let writer {
      try writer.store(batch.inputs)
    } else {
      inputs.store(batch.inputs, at: kept * rules.plan.width)
    }
    values.store(batch.values, at: kept * rules.values)
    if let later = batch.classes { try classes?.append(later, file: table.file) }
    if let later = batch.hashes { hashes?.add(later) }
    for (row, input) in batch.holes { holes.add(row: kept + row, input: input) }
    for row in batch.incomplete { incomplete.append(Int32(kept + row)) }
    for column in missing.indices { missing[column] += batch.missing[column] }
    coarse.merge(batch.coarse) { first, _ in first }
    unknown.merge(batch.unknown) { ($0.count + $1.count, $0.first) }
    problems.add(batch.problems)
    large += batch.large.prefix(LargeNumber.most - large.count).map { $0.behind(kept) }
    kept += batch.kept
    if let failure = batch.failure { throw failure }
  }
}
