import Storage

/// What the log says of a study's last call that had something to do.
package struct StudyHistory: Sendable, Equatable {
  /// A network that could not be done.
  package struct Failure: Sendable, Equatable {
    package let text: String
    package let message: String
  }

  /// Whether there was one.
  package private(set) var hasBegun = false
  /// What had begun and not ended, in the order of beginning.
  package private(set) var begun: [String] = []
  /// What failed.
  package private(set) var failed: [Failure] = []
  /// Why the call ended early; nil where it did not fail.
  package private(set) var message: String?

  /// This and that of another worker of the same study.
  func joined(_ other: StudyHistory) -> StudyHistory {
    var both = self
    both.hasBegun = hasBegun || other.hasBegun
    both.begun += other.begun
    both.failed += other.failed
    both.message = message ?? other.message
    return both
  }

  /// What the last call that had something to do has ended, by the log at `path`; nothing where the log's end does not
  /// go back to its beginning.
  static func ended(path: String) -> Set<String> {
    var ended: Set<String>?
    for line in OpenFile.end(of: path, count: endLength).split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
      else { continue }
      switch event {
      case "study_started": ended = []
      case "work_ended": ended?.insert(json["text"]?.stringValue ?? "")
      default: break
      }
    }
    return ended ?? []
  }

  /// What is read of the log.
  private static let endLength = 1 << 20

  /// Reads the end of the log at `path`.
  package init(path: String) {
    for line in OpenFile.end(of: path, count: Self.endLength).split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
      else { continue }
      let text = json["text"]?.stringValue ?? ""
      switch event {
      case "study_started": (hasBegun, begun, failed, message) = (true, [], [], nil)
      case "work_started": begun.append(text)
      case "work_ended": begun.removeAll { $0 == text }
      case "work_failed":
        begun.removeAll { $0 == text }
        failed.append(Failure(text: text, message: json["message"]?.stringValue ?? ""))
      case "study_failed": message = json["message"]?.stringValue
      default: break
      }
    }
  }
}
