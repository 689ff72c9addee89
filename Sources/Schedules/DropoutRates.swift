import Storage

/// How many of a network's hidden units training leaves out, as a schedule says it.
///
///     dropout: 0.5
///     dropout: [0.2, 0.5]
package enum DropoutRates: Sendable, Equatable {
  /// The same for all hidden layers.
  case all(Double)
  /// One a hidden layer.
  case each([Double])

  /// The shortest form of `rates`, one a hidden layer; nil where no unit is left out.
  init?(_ rates: [Double]) {
    guard let first = rates.first, rates.contains(where: { $0 > 0 }) else { return nil }
    self = rates.allSatisfy { $0 == first } ? .all(first) : .each(rates)
  }

  static var form: Form<DropoutRates> {
    let number = Form<Double>.number(.belowOne)
    let list = number.list(of: "rates, such as [0.2, 0.5]", 1...ModelSettings.maximumLayers)
    return Form(.either([number.shape, list.shape])) { field in
      if case .list = field.node.content { return list.read(field).map { .each($0) } }
      return number.read(field).map { .all($0) }
    } write: { rates in
      switch rates {
      case .all(let rate): number.write(rate)
      case .each(let rates): list.write(rates)
      }
    }
  }

  /// One a hidden layer; empty where no unit is left out.
  func rates(hidden: Int) -> [Double] {
    let rates =
      switch self {
      case .all(let rate): Array(repeating: rate, count: hidden)
      case .each(let rates): rates
      }
    return rates.contains { $0 > 0 } ? rates : []
  }

  /// Reports at `field` what does not fit a network of `hidden` hidden layers.
  func check(_ field: Field?, hidden: Int) {
    switch self {
    case .all(let rate):
      guard rate > 0, hidden == 0 else { return }
      field?.report(.outOfRange("\(rate)", allowed: "0, since there is no hidden layer"))
    case .each(let rates):
      guard rates.count != hidden else { return }
      field?.report(
        .outOfRange("\(rates)", allowed: "a rate for all hidden layers, or a list of \(hidden)"))
    }
  }
}
