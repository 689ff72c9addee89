import Nightly
import Runs
import Storage
import Studies

/// All runs, studies and nightly jobs in a folder, as far as they can be read; what cannot be is named.
package struct WorkListing: Sendable, Equatable {
  /// The folder.
  package let path: String
  /// The newest first.
  package let entries: [ListedWork]
  /// Tables that were converted to files of numbers, beside them.
  package let tables: [ConvertedTables.Table]

  /// Looks at everything in the folder `path`.
  ///
  /// - Throws: `RunFailure.missing` where there is no such folder; `.commandLine` for a file.
  package init(_ path: String) throws(RunFailure) {
    if let file = RunLocator(checkpoints: path).obstacle { throw file }
    guard FilePaths.isFolder(path) else {
      throw .missing(path: path, what: "name the folder of all runs; ecpipe run makes one")
    }
    self.path = path
    tables = ConvertedTables(checkpoints: path).all
    entries = FilePaths.entries(of: path).compactMap { ListedWork(in: path, name: $0) }
      .sorted { ($0.modified, $1.name) > ($1.modified, $0.name) }
  }

  /// Finished runs that differ in nothing but their seed and their name, of which there are several.
  package var groups: [SeedGroup] {
    let runs = entries.filter {
      $0.state == "done" && $0.recipe != nil && $0.result?.quality != nil
    }
    var found: [SeedGroup] = []
    for (_, own) in Dictionary(grouping: runs, by: \.recipe) {
      if let group = SeedGroup(own) { found.append(group) }
    }
    return found.sorted { $0.names[0] < $1.names[0] }
  }

  /// The form of `list --json`.
  package var json: JSONValue {
    [
      "format": 1, "folder": .string(path), "entries": .array(entries.map(\.json)),
      "groups": .array(groups.map(\.json)), "tables": .array(tables.map(\.json)),
    ]
  }
}

/// Runs that differ in their seed alone; of several with one seed, which are the same, the first by name.
package struct SeedGroup: Sendable, Equatable {
  /// Sorted.
  package let names: [String]
  /// What is measured, and on which part.
  package let measure: String
  package let part: String
  package let values: [Double]
  /// Of the sparsities that they ended with.
  package let sparsity: Double

  /// Nil for a single run, for those of one seed, and for those that are not measured alike.
  init?(_ runs: [ListedWork]) {
    var seeds: Set<Int?> = []
    let runs = runs.sorted { $0.name < $1.name }.filter { seeds.insert($0.seed).inserted }
    let measured = runs.compactMap { run in
      run.result.flatMap { result in result.quality.map { (run, result, $0) } }
    }
    guard let first = measured.first?.2, runs.count > 1,
      measured.allSatisfy({ $0.2.measure == first.measure && $0.2.part == first.part })
    else { return nil }
    names = measured.map(\.0.name)
    (measure, part) = (first.measure, first.part)
    values = measured.map(\.2.value)
    sparsity = measured.reduce(0) { $0 + $1.1.sparsity } / Double(measured.count)
  }

  package var mean: Double { Summary(values).mean }

  /// Of the sample: over n − 1.
  package var deviation: Double {
    (Summary(values).standardError ?? 0) * Double(values.count).squareRoot()
  }

  fileprivate var json: JSONValue {
    [
      "runs": JSONValue(names.map { .string($0) }), "n": JSONValue(names.count),
      "measure": .string(measure), "part": .string(part), "mean": JSONValue(mean),
      "deviation": JSONValue(deviation), "sparsity": JSONValue(sparsity),
    ]
  }
}
