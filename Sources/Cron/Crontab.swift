/// The text of a user's crontab, in which jobs of ecpipe stand in blocks between two marked lines. All
/// that is outside of them is kept byte for byte.
package struct Crontab: Sendable, Equatable {
  /// What `crontab -l` prints.
  package let bytes: [UInt8]
  /// A job's lines, markers and line breaks included.
  private struct Block: Sendable, Equatable {
    let name: String
    let range: Range<Int>
    /// The line that cron runs; nil where there is none.
    let command: String?
  }
  private let blocks: [Block]

  /// Finds the blocks in `bytes`.
  ///
  /// - Throws: `CronError.damagedCrontab` for a marked line without its other, and a name given twice.
  package init(_ bytes: [UInt8] = []) throws(CronError) {
    self.bytes = bytes
    blocks = try Self.blocks(in: bytes)
  }

  // MARK: Changes

  /// The crontab with `job`, in the place of the block of that name or else at the end.
  ///
  /// - Throws: `CronError.tooLong` where cron would cut the line off.
  package func installing(_ job: NightlyJob) throws(CronError) -> [UInt8] {
    let text = Array(try Self.block(of: job).utf8)
    if let block = blocks.first(where: { $0.name == job.name }) {
      return Array(bytes[..<block.range.lowerBound]) + text
        + Array(bytes[block.range.upperBound...])
    }
    // A last line without its line break would be one with the marker.
    let isOpen = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
    return bytes + (isOpen ? [UInt8(ascii: "\n")] : []) + text
  }

  /// The crontab without the block called `name`.
  package func removing(_ name: String) -> [UInt8] {
    guard let block = blocks.first(where: { $0.name == name }) else { return bytes }
    return Array(bytes[..<block.range.lowerBound]) + Array(bytes[block.range.upperBound...])
  }

  /// The lines of the block called `name`; nil where there is none.
  package func block(_ name: String) -> String? {
    blocks.first { $0.name == name }.map { String(decoding: bytes[$0.range], as: UTF8.self) }
  }

  // MARK: A block

  /// Bytes of a command that every cron takes whole; Debian's refuses longer ones.
  package static let longestCommand = 998

  /// The lines of `job`.
  ///
  /// - Throws: `CronError.tooLong`.
  package static func block(of job: NightlyJob) throws(CronError) -> String {
    let variables = job.variables.map { "\($0.name)=\(ShellText.quoted($0.value))" }
    // In the command, because variables in lines of their own would hold for all lines below.
    let command =
      "cd \(ShellText.quoted(job.folder)) && \(variables.joined(separator: " ")) exec "
      + job.words.map(ShellText.quoted).joined(separator: " ")
    if command.utf8.count > longestCommand {
      throw .tooLong(bytes: command.utf8.count, path: job.path.utf8.count)
    }
    return """
      \(begin)\(job.name) \(beginNote)
      \(job.at.minute) \(job.at.hour) * * * \(command)
      \(end)\(job.name)

      """
  }

  /// All jobs, in the order of the lines.
  package var jobs: [InstalledJob] {
    blocks.map { block in
      let fields = block.command?.split(
        maxSplits: 5, omittingEmptySubsequences: true, whereSeparator: { $0 == " " || $0 == "\t" })
      guard let fields, fields.count == 6 else {
        return InstalledJob(name: block.name, place: .crontab, at: nil, words: [])
      }
      let words = ShellText.words(of: String(fields[5])) ?? []
      let start = words.firstIndex(of: "exec").map { $0 + 1 } ?? words.endIndex
      let isDaily = fields[2...4].allSatisfy { $0 == "*" }
      let time = TimeOfDay(hour: Int(fields[1]), minute: Int(fields[0]))
      return InstalledJob(
        name: block.name, place: .crontab,
        at: isDaily
          ? time?.text ?? "\(fields[0]) \(fields[1]) * * *"
          : fields[..<5].joined(separator: " "),
        words: Array(words[start...]))
    }
  }

  // MARK: Markers

  private static let begin = "# ecpipe begin: "
  private static let beginNote = "(made by ecpipe cron install, taken out by ecpipe cron remove)"
  private static let end = "# ecpipe end: "

  private static func blocks(in bytes: [UInt8]) throws(CronError) -> [Block] {
    var blocks: [Block] = []
    var open: (name: String, start: Int, line: Int, command: String?)?
    var (start, line) = (0, 0)
    while start < bytes.count {
      let stop = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
      let text = String(decoding: bytes[start..<stop].filter { $0 != 10 }, as: UTF8.self)
      line += 1
      if let name = name(in: text, behind: begin) {
        if let open { throw .damagedCrontab(line: open.line, .beginWithoutEnd(open.name)) }
        if blocks.contains(where: { $0.name == name }) {
          throw .damagedCrontab(line: line, .twice(name))
        }
        open = (name, start, line, nil)
      } else if let name = name(in: text, behind: end) {
        guard let block = open, block.name == name else {
          throw .damagedCrontab(line: line, .endWithoutBegin(name))
        }
        blocks.append(Block(name: name, range: block.start..<stop, command: block.command))
        open = nil
      } else if !text.hasPrefix("#"), !text.allSatisfy(\.isWhitespace), open?.command == nil {
        open?.command = text
      }
      start = stop
    }
    if let open { throw .damagedCrontab(line: open.line, .beginWithoutEnd(open.name)) }
    return blocks
  }

  /// The name in a marked line; nil for any other.
  private static func name(in line: String, behind marker: String) -> String? {
    guard line.hasPrefix(marker) else { return nil }
    return line.dropFirst(marker.count).split(separator: " ").first.map(String.init)
  }
}
