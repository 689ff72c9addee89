import Scheduler

/// Random layers with limits, for the properties that hold for all of them.
struct Scenario {
  var layers: [LayerProfile]
  var limits: [LayerLimits]

  /// Up to `count` layers of up to `size`² weights.
  ///
  /// With `distinct`, all importances differ and no limits are set; otherwise a third of the layers
  /// has few different importances, zero among them, and some weights are gone already.
  init(
    seed: UInt64, count: Int = 6, size: Int = 12, distinct: Bool = false
  ) throws {
    var random = SplitMix64(seed: seed)
    layers = []
    limits = []
    for index in 0..<Int.random(in: 1...count, using: &random) {
      let outputs = Int.random(in: 1...size, using: &random)
      let inputs = Int.random(in: 1...size, using: &random)
      var remaining = outputs * inputs
      if !distinct, random.once(in: 2) { remaining = Int.random(in: 0...remaining, using: &random) }
      layers.append(
        try LayerProfile(
          name: "hidden\(index + 1)", outputs: outputs, inputs: inputs, remaining: remaining,
          importances: Self.importances(remaining, distinct: distinct, layer: index, &random),
          curve: try Self.curve(remaining, &random)))
      limits.append(distinct ? .none : try Self.limits(&random))
    }
  }

  /// Sums of the least and of the largest counts.
  var range: ClosedRange<Int> {
    let bounds = zip(layers, limits).map { $1.bounds(of: $0) }
    return bounds.reduce(0) { $0 + $1.least }...bounds.reduce(0) { $0 + $1.most }
  }

  func demand(_ kept: Int) throws -> BudgetDemand {
    try BudgetDemand(keeping: kept, of: layers, limits: limits)
  }

  /// The layers after a round, with new importances.
  mutating func prune(to counts: [Int], seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for (index, count) in counts.enumerated() {
      let old = layers[index]
      layers[index] = try LayerProfile(
        name: old.name, outputs: old.outputs, inputs: old.inputs, remaining: count,
        importances: Self.importances(count, distinct: false, layer: index, &random),
        curve: try Self.curve(count, &random))
    }
  }

  private static func limits(_ random: inout SplitMix64) throws -> LayerLimits {
    try LayerLimits(
      keep: random.once(in: 6),
      minimumDensity: random.once(in: 3) ? Double.random(in: 0...1, using: &random) : 0,
      maximumSparsity: random.once(in: 3) ? try Sparsity(.random(in: 0..<1, using: &random)) : nil,
      allowsEmpty: random.once(in: 3))
  }

  /// Measurements with noise, so that neither monotone nor convex, from `remaining` down to 0.
  static func curve(_ remaining: Int, _ random: inout SplitMix64) throws -> ErrorCurve {
    var points = [ErrorCurve.Point(kept: remaining, error: 0)]
    let scale = Double.random(in: 0.1...10, using: &random)
    while let last = points.last, last.kept > 0 {
      let kept = Int.random(in: 0..<last.kept, using: &random)
      let removed = Double(remaining - kept) / Double(remaining)
      let error = scale * removed * removed * .random(in: 0.5...1.5, using: &random)
      points.append(ErrorCurve.Point(kept: kept, error: error))
    }
    return try ErrorCurve(measured: points)
  }

  private static func importances(
    _ count: Int, distinct: Bool, layer: Int, _ random: inout SplitMix64
  ) -> [Float] {
    if distinct {
      return (0..<count).map { Float($0 * 16 + layer + 1) }.shuffled(using: &random)
    }
    let few = random.once(in: 3)
    return (0..<count).map { _ in
      few
        ? Float(Int.random(in: 0...3, using: &random)) : Float.random(in: 0..<1, using: &random)
    }
  }
}

/// The policies under test, with manual sparsities that stay feasible down to the least counts.
enum Policy: CaseIterable {
  case uniform, global, erk, lamp, lampOfMagnitudes, manual, sensitivity, optimal

  var value: BudgetPolicy {
    switch self {
    case .uniform: .uniform
    case .global: .global
    case .erk: .erk
    case .lamp, .lampOfMagnitudes: .lamp
    case .sensitivity: .sensitivity
    case .optimal: .optimal
    case .manual: .manual
    }
  }

  func counts(_ kept: Int, of scenario: Scenario) throws -> [Int] {
    try counts(keeping: kept, of: scenario.layers, limits: scenario.limits)
  }

  func counts(
    keeping kept: Int, of layers: [LayerProfile], limits: [LayerLimits]
  ) throws -> [Int] {
    try value.rule.counts(
      BudgetDemand(
        keeping: kept, of: layers, limits: stated(limits, of: layers),
        degree: self == .lampOfMagnitudes ? .linear : .quadratic))
  }

  /// `limits` with what `manual` states.
  func stated(_ limits: [LayerLimits], of layers: [LayerProfile]) throws -> [LayerLimits] {
    guard self == .manual else { return limits }
    return try zip(layers, limits).map { layer, limits in
      try LayerLimits(
        keep: limits.keep, minimumDensity: limits.minimumDensity,
        maximumSparsity: limits.maximumSparsity, allowsEmpty: limits.allowsEmpty,
        stated: Sparsity(layer.name == "hidden1" ? 0.999 : 0.9999))
    }
  }
}

extension Sparsity {
  /// For literals in tests.
  init(testing fraction: Double) {
    do { try self.init(fraction) } catch { fatalError("\(error)") }
  }
}
