import Scheduler
import Storage

/// Scalars, read from their text by the type that is wanted.
extension Form {
  /// A whole number as JSON writes it.
  package static func integer(_ range: ClosedRange<Int>) -> Form where Value == Int {
    Form(.integer(range)) { field in
      guard let text = field.plainText, let syntax = NumberSyntax(text) else {
        field.reportKind(expected: "a whole number")
        return nil
      }
      if syntax == .real, let value = Double(text).flatMap({ Int(exactly: $0) }),
        range.contains(value)
      {
        field.report(.notInDigits(text, digits: "\(value)"))
        return nil
      }
      guard syntax == .integer, let value = Int(text), range.contains(value) else {
        let allowed = "whole numbers from \(range.lowerBound) to \(range.upperBound)"
        field.report(.outOfRange(text, allowed: allowed))
        return nil
      }
      return value
    } write: {
      JSONValue($0)
    }
  }

  /// A seed; in JSON it fits an integer.
  package static func seed() -> Form where Value == UInt64 {
    Form<Int>.integer(0...Int.max).map({ value, _ in UInt64(value) }) { Int(clamping: $0) }
  }

  /// A number as JSON writes it, `1e-3` included.
  package static func number(_ range: NumberRange) -> Form where Value == Double {
    Form(.number(range)) { field in
      guard let text = field.plainText, NumberSyntax(text) != nil, let value = Double(text) else {
        field.reportKind(expected: "a number")
        return nil
      }
      guard range.contains(value) else {
        field.report(.outOfRange(text, allowed: range.description))
        return nil
      }
      return value
    } write: {
      JSONValue($0)
    }
  }

  /// A number that is in range in single precision too.
  package static func float(_ range: NumberRange) -> Form where Value == Float {
    Form(.number(range)) { field in
      guard let value = Form<Double>.number(range).read(field) else { return nil }
      guard range.contains(Double(Float(value))) else {
        field.report(.outOfRange(field.plainText ?? "", allowed: "\(range) in 32 bits"))
        return nil
      }
      return Float(value)
    } write: {
      JSONValue(exactly: $0)
    }
  }

  /// A sparsity; a percentage is recognised and explained.
  package static func sparsity() -> Form where Value == Sparsity {
    Form(.sparsity) { field in
      let text = field.plainText ?? ""
      let isPercentage = text.hasSuffix("%")
      let digits = isPercentage ? String(text.dropLast()) : text
      guard NumberSyntax(digits) != nil, let value = Double(digits) else {
        field.reportKind(expected: "a sparsity")
        return nil
      }
      if !isPercentage, let sparsity = try? Sparsity(value) { return sparsity }
      let isMeant = value < 100 && (isPercentage ? value >= 0 : value > 1)
      field.report(.notASparsity(text, meant: isMeant ? "\(value / 100)" : nil))
      return nil
    } write: {
      JSONValue($0.fraction)
    }
  }

  /// `true` or `false`.
  package static func boolean() -> Form where Value == Bool {
    Form(.boolean) { field in
      let value = ["true": true, "false": false][field.plainText ?? ""]
      if value == nil { field.reportKind(expected: "true or false") }
      return value
    } write: {
      JSONValue($0)
    }
  }

  /// A duration from 1 s to so many hours: a whole number with the unit s, m or h.
  package static func duration(hours: Int = 24) -> Form where Value == Duration {
    Form(.duration(hours: hours)) { field in
      guard let text = field.plainText else {
        field.reportKind(expected: "a duration, such as 60s")
        return nil
      }
      let units = ["s": 1, "m": 60, "h": 3600]
      guard let unit = text.last.flatMap({ units[String($0)] }),
        NumberSyntax(String(text.dropLast())) == .integer, let count = Int(text.dropLast()),
        count >= 1, count <= hours * 3600 / unit
      else {
        field.report(.notADuration(text, hours: hours))
        return nil
      }
      return .seconds(count * unit)
    } write: {
      .string("\($0.components.seconds)s")
    }
  }

  /// A number of bytes: a whole number, alone or with k, M or G for powers of 1,000.
  package static func bytes() -> Form where Value == Int {
    Form(.text("a number of bytes, such as 200k or 2M")) { field in
      let units: [Character: Int] = ["k": 1000, "M": 1_000_000, "G": 1_000_000_000]
      let text = field.plainText ?? ""
      let unit = text.last.flatMap { units[$0] }
      let digits = unit == nil ? text : String(text.dropLast())
      guard NumberSyntax(digits) == .integer, let count = Int(digits), count >= 1 else {
        field.reportKind(expected: "a number of bytes, such as 200000, 200k or 2M")
        return nil
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: unit ?? 1)
      guard !overflow else {
        field.report(.outOfRange(text, allowed: "up to \(Int.max) bytes"))
        return nil
      }
      return bytes
    } write: {
      JSONValue($0)
    }
  }

  /// The path of a file, as written.
  package static func path() -> Form where Value == WrittenText {
    Form(.path) { field in
      let what = "the path of a file"
      guard let text = field.string(what) else { return nil }
      guard !text.value.isEmpty, !text.value.utf8.contains(0) else {
        field.reportKind(expected: what)
        return nil
      }
      return text
    } write: {
      .string($0.written)
    }
  }

  /// One of the words that name the cases; `what` they are, for messages.
  package static func word(_ what: String) -> Form
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return Form(.words(words)) { field in
      guard let text = field.string("one of: \(listed(words))")?.value else { return nil }
      let word = Value(rawValue: text)
      if word == nil { field.report(.unknownWord(text, what: what, among: words)) }
      return word
    } write: {
      .string($0.rawValue)
    }
  }
}

extension JSONValue {
  /// The shortest decimal that reads back as the same Float.
  package init(exactly value: Float) { self.init(Double("\(value)")) }
}
