/// A piece of a schedule and everything that is wrong with it.
struct ProblemCase: Sendable, CustomStringConvertible {
  let yaml: String
  /// Without the file's name; in the order of the file.
  let problems: [String]

  var description: String { yaml }

  /// Reads cases from a table: lines of YAML, then a line beginning with `> ` for each problem.
  ///
  /// Texts in a table, because hundreds of concatenated literals take the compiler minutes.
  static func table(_ text: String) -> [ProblemCase] {
    var cases: [ProblemCase] = []
    var yaml: [Substring] = []
    var problems: [String] = []
    func finish() {
      if !yaml.isEmpty {
        cases.append(ProblemCase(yaml: yaml.joined(separator: "\n"), problems: problems))
      }
      yaml = []
      problems = []
    }
    for line in text.split(separator: "\n") {
      if line.hasPrefix("> ") {
        problems.append("s.yaml:" + line.dropFirst(2))
      } else {
        if !problems.isEmpty { finish() }
        yaml.append(line)
      }
    }
    finish()
    return cases
  }
}
