import Glibc

/// What the terminal shows.
package struct TerminalCheck: Sendable {
  package var isTerminal: Bool
  /// Columns; nil where there is no terminal.
  package var width: Int?
  package var variables: [String: String]

  package init(isTerminal: Bool, width: Int?, variables: [String: String]) {
    self.isTerminal = isTerminal
    self.width = width
    self.variables = variables
  }

  /// The one of standard output.
  ///
  /// - Parameter variables: the environment.
  package init(variables: [String: String]) {
    isTerminal = isatty(1) == 1
    var size = winsize()
    let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? Int(size.ws_col) : nil
    self.variables = variables
  }

  private func variable(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  package var findings: [Finding] { [screen, language] }

  private var screen: Finding {
    guard isTerminal else {
      return .ok(.terminal, "standard output is no terminal, so lines are plain")
    }
    let term = variable("TERM")
    let colours =
      variable("NO_COLOR") != nil
      ? "no colours, as NO_COLOR says" : term == "dumb" ? "no colours" : "colours"
    let fact =
      "\(width.map { "\($0) columns" } ?? "width not known"), TERM=\(term ?? ""), \(colours)"
    if term == nil || term == "dumb" {
      return .warning(
        .terminal, fact, advice: "lines are plain; set TERM, such as xterm-256color, for more")
    }
    if let width, width < 80 {
      return .warning(.terminal, fact, advice: "tables need 80 columns; make the window wider")
    }
    return .ok(.terminal, fact)
  }

  private var language: Finding {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first
    let text = name ?? "none"
    let isUnicode = text.lowercased().contains("utf-8") || text.lowercased().contains("utf8")
    return isUnicode
      ? .ok(.terminal, "locale \(text)")
      : .warning(
        .terminal, "locale \(text), in which a terminal may not show ° and –",
        advice: "set LANG to one with UTF-8, such as C.UTF-8")
  }
}
