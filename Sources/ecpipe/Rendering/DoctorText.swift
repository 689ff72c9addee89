import Diagnosis

/// What was found out about the machine, in lines for a person.
package struct DoctorText {
  private let style: Style

  /// - Parameter style: how levels are coloured.
  package init(style: Style) { self.style = style }

  /// A line a finding, and below it what to do.
  package func lines(of findings: [Finding]) -> [String] {
    var last: Finding.Area?
    return findings.flatMap { finding in
      let area = finding.area == last ? "" : finding.area.rawValue
      last = finding.area
      let line = [pad(area, 10), level(finding.level), finding.fact].joined(separator: " ")
      return [line] + (finding.advice.map { [pad("", 19) + " → " + $0] } ?? [])
    }
  }

  private func level(_ level: Finding.Level) -> String {
    let word = pad(level.rawValue, 8)
    switch level {
    case .ok: return style.good(word)
    case .warning, .problem: return style.warning(word)
    }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
