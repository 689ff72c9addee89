import Glibc
import NeuralNetworks
import Storage

/// Numbers as people read them; locale plays no part.
package enum Figures {
  /// `value` with `digits` decimals.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    if !value.isFinite { return "–" }
    var text = [CChar](repeating: 0, count: 400)
    withVaList([Int32(digits), value]) { _ = vsnprintf(&text, text.count, "%.*f", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The least and the most, or, where both have the same text, one of them.
  package static func range<Value>(
    _ least: Value, _ most: Value, _ text: (Value) -> String
  ) -> String {
    let (from, to) = (text(least), text(most))
    return from == to ? from : "\(from)–\(to)"
  }

  /// A share as a percentage.
  package static func percent(_ share: Double, _ digits: Int = 1) -> String {
    fixed(share * 100, digits) + " %"
  }

  /// A whole number with thousands separated by commas.
  package static func grouped(_ value: Int) -> String { NumberText.grouped(value) }

  /// A number of things, in the singular where it is one: 1 stage, 2 stages.
  package static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
    "\(grouped(number)) \(noun(number, one, several))"
  }

  /// A loss, with as many digits as tell neighbours apart.
  package static func loss(_ value: Double) -> String {
    (abs(value) < 0.001 && value != 0) || abs(value) >= 1e12
      ? significant(value) : fixed(value, 4)
  }

  /// A time in seconds: hundredths below ten.
  package static func seconds(_ value: Double) -> String { fixed(value, value < 10 ? 2 : 1) + " s" }

  /// A time to come, coarsely: 40 s, 12 min, 2 h 5 min.
  package static func duration(_ seconds: Double) -> String {
    if seconds < 90 { return "\(Int(max(0, seconds).rounded(.up))) s" }
    let minutes = Int((min(seconds, 1e9) / 60).rounded(.up))
    return minutes < 90 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// How many a second: a whole number, with tenths below ten.
  package static func rate(_ value: Double) -> String {
    value < 10 ? fixed(value, 1) : grouped(Int(min(value, 1e15).rounded()))
  }

  /// r².
  package static func rSquared(_ value: Double) -> String {
    value.isFinite ? NumberText.rSquared(value) : "–"
  }

  /// What stands for the quality of a model beside its loss: accuracy, or r² for regression.
  package static func quality(_ metrics: Metrics) -> String {
    if let accuracy = metrics.accuracy { return "accuracy " + percent(accuracy, 2) }
    if let r2 = metrics.r2 { return "r² " + rSquared(r2) }
    if let rmse = metrics.rmse { return "rmse " + loss(rmse) }
    return "–"
  }

  private static func significant(_ value: Double) -> String {
    if !value.isFinite { return "–" }
    var text = [CChar](repeating: 0, count: 64)
    withVaList([value]) { _ = vsnprintf(&text, text.count, "%.2e", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
