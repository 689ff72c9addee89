import Runs
import Storage

/// Names of files of data on the command line.
enum DataFileNames {
  private static let endings = [".csv", ".tsv", ".txt", ".npy", ".npz", ".gz", ".zst"]

  /// Whether `path` has the name of a file of data, compressed or not; one that ends in .txt may be anything.
  static func isData(_ path: String) -> Bool {
    ["", ".gz", ".zst"].contains { packed in
      [".csv", ".tsv", ".npy", ".npz"].contains { path.lowercased().hasSuffix($0 + packed) }
    }
  }

  /// Tells the nearest file of data of one of `paths` that is not there; one with none near is told of where it is
  /// read.
  ///
  /// - Throws: `RunFailure.missing`.
  static func demand(_ paths: [String]) throws(RunFailure) {
    for path in paths where !NamedFile(path).isStream && !FilePaths.isTaken(path) {
      // An array of an NPZ file has its name behind a colon.
      if path.contains(".npz:") { continue }
      let files = FilePaths.siblings(of: path).filter { name in
        endings.contains { name.lowercased().hasSuffix($0) }
      }
      // Endings are alike and say nothing.
      let wanted = stem(of: path)
      let stems = files.map(stem).filter { hasMost($0, of: wanted) }
      guard let nearest = nearestWord(to: wanted, among: stems),
        let meant = files.first(where: { stem(of: $0) == nearest })
      else { continue }
      throw .missing(path: path, what: "did you mean \(ShellWord.quoted(meant))?")
    }
  }

  /// Whether more than half the letters of the longer one are in both: a file of data has any name, so a likeness
  /// has to be plain.
  private static func hasMost(_ name: String, of wanted: String) -> Bool {
    var left = Array(wanted.lowercased())
    let all = max(left.count, name.count)
    for letter in name.lowercased() {
      if let place = left.firstIndex(of: letter) { left.remove(at: place) }
    }
    return 2 * (wanted.count - left.count) > all
  }

  /// The name of the file `path` without its endings.
  private static func stem(of path: String) -> String {
    var name = FilePaths.name(of: path)
    while let ending = endings.first(where: { name.lowercased().hasSuffix($0) }) {
      name.removeLast(ending.count)
    }
    return name
  }
}
