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

  /// A page that needs no other file: `title` as its heading, one paragraph, and `content`, which is markup.
  static func page(_ title: String, introduction: String, _ content: String) -> String {
    Page(title: title, introduction: introduction, content: content).html(mostRows: .max)
  }

  /// A coordinate, to a tenth of a unit.
  static func place(_ value: Double) -> String { NumberText.fixed(value, 1) }
}
