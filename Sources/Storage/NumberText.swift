import Glibc

/// Numbers as a page or a table shows them; locale plays no part.
package enum NumberText {
  /// `value` with `digits` decimals.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    printed("%.*f", digits, value)
  }

  /// The same with its sign, a real minus; 0 has none.
  package static func signed(_ value: Double, _ digits: Int) -> String {
    let text = fixed(abs(value), digits)
    let isZero = text.allSatisfy { "0.".contains($0) }
    return isZero ? text : (value < 0 ? "−" : "+") + text
  }

  /// `value` with `digits` significant digits, as short as it can be: 0.0012, 1.2e-05, 120.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    printed("%.*g", digits, value)
  }

  /// r², which is 1 at best, with four decimals; with three significant digits where it lies far below 0, as on data that
  /// hardly vary.
  package static func rSquared(_ value: Double) -> String {
    abs(value) < 1e6 ? fixed(value, 4) : significant(value, 3)
  }

  /// `values` with `digits` significant digits, or, where these make two of them the same or move one towards its
  /// neighbour, with as many as it takes.
  package static func apart(_ values: [Double], _ digits: Int) -> [String] {
    let sorted = values.filter(\.isFinite).sorted()
    let gap = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? .infinity
    var texts: [String] = []
    for digits in digits...max(digits, 17) {
      texts = values.map { significant($0, digits) }
      let isTrue = zip(texts, values).allSatisfy { text, value in
        !value.isFinite || Double(text).map { abs($0 - value) <= 0.1 * gap } == true
      }
      if isTrue { break }
    }
    return texts
  }

  /// A whole number with thousands separated by commas.
  package static func grouped(_ value: Int) -> String {
    var text = ""
    for (i, digit) in String(value.magnitude).reversed().enumerated() {
      if i > 0, i % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// Bytes in the unit that suits: 512 bytes, 620.4 KiB.
  package static func bytes(_ count: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return "\(unit == 0 ? "\(count)" : fixed(value, 1)) \(units[unit])"
  }

  /// A probability: 0.034, below a thousandth as <0.001.
  package static func probability(_ p: Double) -> String { p < 0.001 ? "<0.001" : fixed(p, 3) }

  private static func printed(_ format: String, _ digits: Int, _ value: Double) -> String {
    var text = [CChar](repeating: 0, count: 400)
    withVaList([Int32(digits), value]) { _ = vsnprintf(&text, text.count, format, $0) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
