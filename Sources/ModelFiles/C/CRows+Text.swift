extension CRows.Form {
  /// For people.
  var words: String {
    switch self {
    case .dense: "dense"
    case .mask: "compressed by a bit a weight"
    case .deltas(let place, _): "compressed by \(8 * place.rawValue)-bit steps"
    }
  }
}

extension CRows {
  /// The arrays that say where stored values stand; empty for dense rows.
  /// - Parameter name: of the layer.
  func arrays(_ name: String) -> String {
    switch form {
    case .dense: ""
    case .mask: CText.array("uint8_t", "\(name)_mask", places.map(String.init))
    case .deltas(let place, let count):
      CText.array(place.type, "\(name)_steps", places.map(String.init))
        + CText.array(count.type, "\(name)_counts", counts.map(String.init))
    }
  }

  /// The arguments that say where stored values stand, and how many there may be.
  func arguments(_ name: String) -> (places: String, sizes: String) {
    switch form {
    case .dense: ("", "\(rows), \(columns)")
    case .mask: ("@\(name)_mask, ", "\(rows), \(columns)")
    case .deltas: ("@\(name)_steps, @\(name)_counts, ", "\(rows)")
    }
  }

  /// The call that computes W x + b in float.
  func call(_ name: String, _ x: String, _ target: String) -> String {
    let (places, sizes) = arguments(name)
    return
      "@\(CFunctions.call(form))(@\(name)_weights, \(places)@\(name)_bias, \(sizes), \(x), \(target));"
  }
}
