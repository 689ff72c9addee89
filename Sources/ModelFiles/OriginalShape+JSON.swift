import NeuralNetworks
import Storage

extension OriginalShape {
  /// Its widths.
  package var json: JSONValue { JSONValue(widths.map { JSONValue($0) }) }

  /// Nil for what is no shape that a network with the widths `present` can have come from.
  init?(_ json: JSONValue, of present: [Int]) {
    guard let widths = json.arrayValue?.compactMap(\.intValue),
      widths.count == json.arrayValue?.count
    else { return nil }
    self.init(widths: widths, of: present)
  }
}
