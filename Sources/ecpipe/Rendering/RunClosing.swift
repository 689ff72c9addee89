import Runs
import Storage

/// The last lines of a run: what has come of it, where that lies, and what to do with it.
struct RunClosing {
  let folder: RunFolder
  /// The file of the model; nil where the run makes none.
  let result: String?
  /// How good the network is, in sentences; nil for a run that goes on another time.
  let verdict: String?

  /// - Parameter width: cells that a line may have; nil for as many as it takes.
  func lines(width: Int?) -> [String] {
    guard let result else { return [] }
    let judged = verdict.map { text in
      [""] + (width.map { WrappedText.lines(text, width: $0) } ?? [text])
    }
    return (judged ?? []) + ["", "result: \(result)"] + (verdict == nil ? [] : next)
  }

  private var next: [String] {
    let folders =
      folder.checkpoints == "checkpoints"
      ? "" : " --checkpoints \(ShellWord.quoted(folder.checkpoints))"
    let name = FilePaths.name(of: folder.path)
    let word = ShellWord.quoted(name)
    return [
      "next: ecpipe report \(word)\(folders) --open",
      "      ecpipe export \(word)\(folders) --output \(ShellWord.quoted(name + ".onnx"))",
    ]
  }
}
