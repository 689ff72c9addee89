import ModelFiles
import Storage

/// What there is, for messages about a name that there is not.
extension RunLocator {
  /// Names that are told.
  private static let mostNames = 12

  /// The names under the folder of all runs of what is of one of `kinds`; nightly jobs are runs as well.
  ///
  /// - Parameter file: what it has to have.
  package func names(
    besides argument: String, of kinds: [FolderKind] = [.run],
    having file: KeyPath<RunFolder, String>? = nil
  ) -> [String] {
    let kinds = kinds.contains(.run) ? kinds + [.nightly] : kinds
    return FilePaths.entries(of: checkpoints).filter { name in
      let folder = RunFolder(checkpoints: checkpoints, name: name)
      if let file, !FilePaths.exists(folder[keyPath: file]) { return false }
      return name != argument && kinds.contains { FilePaths.exists(folder.file($0.mark)) }
    }
  }

  /// `advice`, behind the one of `names` that `argument` was most likely meant to be.
  package func meant(by argument: String, among names: [String], _ advice: String) -> String {
    let start = checkpoints + "/"
    let wanted = argument.hasPrefix(start) ? String(argument.dropFirst(start.count)) : argument
    guard let nearest = nearestWord(to: wanted, among: names) else { return advice }
    return "did you mean \(nearest)? " + advice.prefix(1).uppercased() + advice.dropFirst()
  }

  /// `names` in brackets; nothing where there are none.
  static func listed(_ names: [String]) -> String {
    if names.isEmpty { return "" }
    let more = names.count - mostNames
    return " (there is \(names.prefix(mostNames).joined(separator: ", "))"
      + (more > 0 ? " and \(more) more)" : ")")
  }

  /// The nights of the job that `argument` names before its slash.
  func nights(of argument: String) -> [String] {
    guard let slash = argument.lastIndex(of: "/") else { return [] }
    let name = String(argument[..<slash])
    return job(name).map { job in job.nights.map { "\(name)/\($0)" } } ?? []
  }

  /// The files of models in the folder in which `argument` would be.
  static func models(beside argument: String) -> [String] {
    let suffixes = ModelFormats.all.filter(\.isRead).compactMap(\.suffix).map { "." + $0 }
    return FilePaths.siblings(of: argument).filter { name in
      name != argument && suffixes.contains { name.hasSuffix($0) }
    }
  }
}
