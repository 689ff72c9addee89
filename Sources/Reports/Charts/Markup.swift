import Storage

/// Texts as HTML and SVG want them.
enum Markup {
  /// `text` as content or attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate, to a tenth of a unit.
  static func place(_ value: Double) -> String { NumberText.fixed(value, 1) }
}
