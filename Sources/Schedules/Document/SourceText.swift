import Glibc
import Storage

/// The text of a schedule, of bounded size and of characters that YAML allows.
package struct SourceText {
  /// The largest schedule in bytes, 1 MiB.
  static let maximumBytes = 1 << 20
  /// Characters of the private use area that stand in for `*` and `?` while the text is composed.
  static let star: Unicode.Scalar = "\u{E000}"
  static let questionMark: Unicode.Scalar = "\u{E001}"

  /// The text without a byte order mark.
  let scalars: [Unicode.Scalar]
  /// Where each line begins in `scalars`; the first at 0.
  private let lineStarts: [Int]

  /// - Throws: `ScheduleProblem` for what is too large, not UTF-8, or has a forbidden character.
  init(_ bytes: [UInt8]) throws(ScheduleProblem) {
    guard bytes.count <= Self.maximumBytes else {
      throw ScheduleProblem(.start, .tooLarge(limit: Self.maximumBytes))
    }
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(bytes.count)
    var lineStarts = [0]
    func position() -> SourcePosition {
      SourcePosition(line: lineStarts.count, column: scalars.count - lineStarts.last! + 1)
    }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .emptyInput: break decoding
      case .error: throw ScheduleProblem(position(), .notUTF8)
      case .scalarValue("\u{FEFF}") where scalars.isEmpty: continue
      case .scalarValue(let scalar):
        guard Self.isAllowed(scalar) else {
          throw ScheduleProblem(position(), .forbiddenCharacter(scalar.value))
        }
        // CR LF is one line break, which the CR has begun.
        if scalar == "\n", scalars.last == "\r" { lineStarts.removeLast() }
        scalars.append(scalar)
        if Self.isLineBreak(scalar) { lineStarts.append(scalars.count) }
      }
    }
    self.scalars = scalars
    self.lineStarts = lineStarts
  }

  /// Where `position` is in `scalars`; the end for a position beyond it.
  func index(of position: SourcePosition) -> Int {
    guard position.line <= lineStarts.count else { return scalars.count }
    return min(lineStarts[position.line - 1] + position.column - 1, scalars.count)
  }

  /// The line that `position` is in, without its line break.
  func line(of position: SourcePosition) -> String {
    guard position.line <= lineStarts.count else { return "" }
    var line = String.UnicodeScalarView()
    line.append(
      contentsOf: scalars[lineStarts[position.line - 1]...].prefix { !Self.isLineBreak($0) })
    return String(line)
  }

  /// What YAML counts as the end of a line.
  static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  /// YAML's printable characters, without the two stand-ins.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d, 0x20...0x7e, 0x85, 0xa0...0xd7ff: true
    case 0xe002...0xfefe, 0xff00...0xfffd, 0x10000...0x10ffff: true
    default: false
    }
  }
}

extension SourceText {
  /// The content of the schedule, or the study, at `path`, which is at most `maximumBytes`.
  ///
  /// - Throws: `ScheduleError`.
  package static func bytes(of path: String) throws(ScheduleError) -> [UInt8] {
    do {
      return try NamedFile(path).read(limit: SourceText.maximumBytes)
    } catch let error where error.code == EFBIG {
      let problem = ScheduleProblem(.start, .tooLarge(limit: SourceText.maximumBytes))
      throw .invalid(file: path, problems: [problem])
    } catch {
      throw .unreadable(error)
    }
  }
}
