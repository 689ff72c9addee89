import ModelFiles
import Storage

/// What can be wrong with one value.
package enum ValueFault: Sendable, Equatable {
  case wrongKind(expected: String, found: String)
  case unknownWord(String, what: String, nearest: String?, allowed: [String])
  case outOfRange(String, allowed: String)
  /// A whole number that is written otherwise than in digits alone, which are `digits`.
  case notInDigits(String, digits: String)
  /// `meant` is the fraction that a percentage stands for.
  case notASparsity(String, meant: String?)
  /// `hours` are the longest.
  case notADuration(String, hours: Int)
  case emptyList(of: String)
  case undefinedVariable(String)
  case malformedVariable(String)
  /// A variable in the default of another.
  case nestedVariable(String)
  /// A text of the command line that is no key path with a value.
  case malformedOverride
  /// A key path that leads nowhere.
  case unreachableOverride
  /// There is no file at this path to start from; `remedy` is what to do, where that is known.
  case missingModel(String, remedy: String? = nil)
  /// The file to start from is no network that can be used; the text says which and why.
  case unusableModel(String)
  /// A file that cannot be written as it is called; the text says why.
  case unusableFile(String)
  /// A name that could not be a folder's.
  case unusableName(String)

  /// The word `text`, which is none of `allowed`.
  package static func unknownWord(_ text: String, what: String, among allowed: [String])
    -> ValueFault
  {
    .unknownWord(
      text, what: what, nearest: nearestWord(to: text, among: allowed), allowed: allowed)
  }
}

extension ValueFault: CustomStringConvertible {
  /// What is wrong and what is allowed.
  package var description: String {
    switch self {
    case .wrongKind(let expected, let found): "expected \(expected), found \(found)"
    case .unknownWord(let text, let what, let nearest, let allowed):
      "unknown \(what) \(quoted(text))" + choices(allowed, nearest: nearest)
    case .outOfRange(let text, let allowed):
      "\(shortened(text)) is out of range; allowed: \(allowed)"
    case .notInDigits(let text, let digits):
      "\(shortened(text)) is a whole number, which is written in digits alone; write \(digits)"
    case .notASparsity(let text, let meant):
      "\(shortened(text)) is not a sparsity: it is the fraction removed, at least 0 and below 1"
        + (meant.map { "; did you mean \($0)?" } ?? "")
    case .notADuration(let text, let hours):
      "\(quoted(text)) is not a duration; allowed: whole numbers with a unit, such as 60s, 10m or "
        + "1h, from 1s to \(hours)h"
    case .emptyList(let what): "the list is empty; it needs at least one \(what)"
    case .undefinedVariable(let name):
      "the environment variable \(shortened(name)) is not set; set it, or write "
        + "${\(shortened(name)):-default}"
    case .malformedVariable(let text):
      "\(quoted(text)) is not of the form ${NAME} or ${NAME:-default}"
    case .nestedVariable(let text):
      "\(quoted(text)) has a variable in the default of another, which is not supported; set the first "
        + "variable, or write a default without ${"
    case .missingModel(let path, let remedy):
      "there is no file \(path); "
        + (remedy ?? "name \(ModelFormats.names), relative to the schedule's folder")
    case .unusableModel(let text), .unusableFile(let text): text
    case .unusableName(let name):
      "\(quoted(name.showingInvisible)) cannot name the folder of a run; allowed: 1 to 64 bytes without blanks, "
        + "slashes and invisible characters, neither . nor - first, and no .lock at the end"
    case .malformedOverride:
      "this is not of the form KEY.PATH=VALUE, such as training.batch=128 or "
        + "stages[2].alternate.rounds=6; a VALUE that is an empty text is written ''"
    case .unreachableOverride:
      "the schedule has no such place: keys are added to mappings, but lists have only the "
        + "elements "
        + "in the file, counted from 0"
    }
  }
}
