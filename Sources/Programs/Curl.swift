/// A transfer by curl. It reads what it is to do from its standard input, so that no list of processes
/// shows an address, and no configuration of the user's.
package enum Curl {
  /// A line of its configuration.
  package enum Setting: Sendable, Equatable {
    /// An option without a value.
    case flag(String)
    /// An option with one.
    case value(String, String)
  }

  /// The program for a transfer by `settings`.
  ///
  /// - Parameters:
  ///   - largest: bytes of the largest file that it may write, about; nil for any.
  ///   - environment: what it finds in its environment, such as proxies.
  ///   - limit: the time it has.
  package static func program(
    _ settings: [Setting], largest: Int? = nil, environment: [String: String], limit: Duration
  ) -> Program {
    let lines = settings.map { setting in
      switch setting {
      case .flag(let name): "\(name)\n"
      case .value(let name, let value): "\(name) = \(quoted(value))\n"
      }
    }
    let input = Array(lines.joined().utf8)
    guard let largest else {
      return Program(
        "curl", ["--disable", "--config", "-"], environment: environment, input: input, limit: limit
      )
    }
    // curl's own limit is for servers that say a size. Blocks have 512 bytes, or twice that.
    return Program(
      "sh", ["-c", "ulimit -f \(largest / 512 + 8) && exec curl --disable --config -"],
      environment: environment, input: input, limit: limit)
  }

  /// `text` as a value of curl's configuration.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(character)
      }
    }
    return result + "\""
  }
}
