import Datasets
import Schedules
import Storage

/// A line of a file with what is wrong in it underlined, for a terminal.
package struct SourceExcerpt {
  /// Cells that stand for a tab.
  private static let tab = "    "

  private let line: Int
  private let before: String
  private let inside: String
  private let behind: String

  /// - Parameters:
  ///   - line: its number, from 1.
  ///   - range: what is wrong, in Unicode scalars of `text` from 0; empty for a place between two.
  package init(line: Int, text: String, range: Range<Int>) {
    let scalars = Array(text.unicodeScalars)
    let range = range.clamped(to: 0..<scalars.count)
    self.line = line
    before = Self.shown(scalars[..<range.lowerBound])
    inside = Self.shown(scalars[range])
    behind = Self.shown(scalars[range.upperBound...])
  }

  /// The line and, below, a caret under each cell of what is wrong.
  ///
  /// - Parameter width: cells of the terminal; a line that is longer is cut around the spot.
  package func lines(width: Int, _ style: Style) -> [String] {
    let number = String(line).indented(to: 4)
    let room = max(12, width - number.displayWidth - 3)
    let spot = min(max(1, inside.displayWidth), room * 2 / 3)
    let isWhole = before.displayWidth + max(1, inside.displayWidth) + behind.displayWidth <= room
    // What comes before says more than what follows.
    let head = isWhole ? before : before.clippedAtStart(to: (room - spot) * 2 / 3)
    let tail = (inside + behind).clipped(to: room - head.displayWidth)
    let length = max(1, min(inside.displayWidth, tail.displayWidth))
    let marks = "^" + String(repeating: "~", count: length - 1)
    return [
      style.dim("\(number) | ") + head + tail,
      style.dim("\(blanks(number.displayWidth)) | ") + blanks(head.displayWidth) + style.bad(marks),
    ]
  }

  /// What a terminal shows, a cell or two for each scalar.
  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in scalars {
      switch scalar.properties.generalCategory {
      case .control where scalar == "\t": text.append(contentsOf: tab.unicodeScalars)
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: text.append("·")
      default: text.append(scalar)
      }
    }
    return String(text)
  }
}

/// The spots of files that an error is about, with the words by which its message names them.
package struct ErrorSpots {
  private let spots: [(place: String, excerpt: SourceExcerpt)]

  /// Looks into the files that `error` names.
  package init(of error: any Error) {
    if case ScheduleError.invalid(let file, let problems)? = error as? ScheduleError,
      !NamedFile(file).isStream, let bytes = try? SourceText.bytes(of: file)
    {
      spots = problems.compactMap { problem in
        SourceSpot(problem, in: bytes).map { spot in
          let place = ScheduleError.place(problem.position, in: file) + ": "
          return (place, SourceExcerpt(line: spot.line, text: spot.text, range: spot.range))
        }
      }
    } else if let error = error as? DatasetError {
      spots = FieldSpot.all(of: error).map { spot in
        (spot.place, SourceExcerpt(line: spot.line, text: spot.text, range: spot.range))
      }
    } else {
      spots = []
    }
  }

  /// `message` with each spot below the line that names it.
  package func placed(in message: String, width: Int, _ style: Style) -> String {
    var open = spots
    return message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let index = open.firstIndex(where: { Self.names($0.place, line) }) else {
        return String(line)
      }
      let spot = open.remove(at: index)
      return ([String(line)] + spot.excerpt.lines(width: width, style)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// Whether `line` has `place` in it, and not only the beginning of another number.
  private static func names(_ place: String, _ line: Substring) -> Bool {
    line.ranges(of: place).contains { range in
      range.upperBound == line.endIndex || !line[range.upperBound].isNumber
    }
  }
}
