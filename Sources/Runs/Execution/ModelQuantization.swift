import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// What it has cost to make bytes of a network, measured on samples.
package struct ModelQuantization: Sendable {
  /// What is compared.
  package enum Measure: String, Sendable {
    /// The share of samples with the right class.
    case accuracy
    /// The root of the mean squared error, in original units, of one target.
    case rmse
    /// Of several targets: the same with each error in standard deviations of its target.
    case nrmse
    /// Without targets: the share of samples with the class that the float network gives.
    case agreement
    /// Without targets: the root of the mean squared difference, as a share of the outputs' deviation.
    case difference
  }

  /// Of both networks.
  package let measure: Measure
  /// Of the float network.
  package let before: Double
  /// Of the network in bytes.
  package let after: Double
  /// Samples that were measured, and where they come from.
  package let samples: Int
  package let source: String

  /// What was lost: points of accuracy or agreement, else percent.
  package var drop: Double {
    switch measure {
    case .accuracy, .agreement: 100 * (before - after)
    case .rmse, .nrmse: before == 0 ? (after == 0 ? 0 : .infinity) : 100 * (after / before - 1)
    case .difference: 100 * after
    }
  }

  /// For people.
  package var text: String {
    func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 2) + " %" }
    let place = "on \(samples) samples of \(source)"
    return switch measure {
    case .accuracy:
      "int8 has accuracy \(percent(after)) \(place), float \(percent(before)): \(NumberText.fixed(drop, 2)) points lost"
    case .rmse, .nrmse:
      "int8 has \(measure.rawValue) \(NumberText.significant(after, 5)) \(place), float \(NumberText.significant(before, 5)): "
        + "\(NumberText.fixed(drop, 2)) % more"
    case .agreement: "int8 gives the class that float gives for \(percent(after)) \(place)"
    case .difference:
      "int8 differs from float by \(percent(after)) of the outputs' deviation \(place)"
    }
  }

  /// What a source says of itself: of bytes, and of floats.
  private var statements: [String] {
    func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 2) + " %" }
    let place = "\(samples) samples of \(source)"
    return switch measure {
    case .accuracy:
      [
        "int8: accuracy \(percent(after)) on \(place)",
        "float: accuracy \(percent(before)) on the same",
      ]
    case .rmse, .nrmse:
      [
        "int8: \(measure.rawValue) \(NumberText.significant(after, 5)) on \(place)",
        "float: \(measure.rawValue) \(NumberText.significant(before, 5)) on the same",
      ]
    case .agreement: ["int8: the class that float gives for \(percent(after)) of \(place)"]
    case .difference:
      ["int8: \(percent(after)) of the outputs' deviation away from float on \(place)"]
    }
  }

  /// As JSON.
  package var json: JSONValue {
    [
      "measure": .string(measure.rawValue), "float": JSONValue(before), "int8": JSONValue(after),
      "drop": JSONValue(drop), "samples": JSONValue(samples),
    ]
  }

  /// - Parameter option: what the bound is called where it was given.
  /// - Throws: `RunFailure.failed` of `stage` where more than `bound` was lost.
  package func check(_ bound: Double?, stage: String, option: String) throws(RunFailure) {
    guard let bound, !(drop <= bound) else { return }
    throw .failed(
      stage: stage,
      reason:
        "\(text), and \(NumberText.significant(bound, 6)) are allowed (\(option)); nothing is written; allow more, calibrate on "
        + "more samples, or leave int8 out")
  }
}

extension ModelQuantization {
  /// Makes bytes of the network in `export` by samples of its own run: calibrated on the training part,
  /// measured on the validation part where there is one.
  ///
  /// - Throws: `ModelFileError`, `RunFailure.failed`.
  init(of export: inout ModelExport, in work: StageWork) throws {
    let part = work.data.measuringPart
    let measured = work.data[part] ?? work.data.training
    try self.init(
      of: &export, calibrating: work.data.training, measuring: measured, hasTargets: true,
      source: "the \(part.rawValue) part", pool: work.pool)
    export.quantizedQuality = statements
  }

  /// Makes bytes of the network in `export`, which is that of `model`, by samples that are given.
  ///
  /// - Parameters:
  ///   - samples: what it is calibrated on.
  ///   - test: what it is measured on; nil for those, or for the validation part of the model's run.
  /// - Throws: `DatasetError`, `ModelFileError`, `RunFailure`.
  package init(
    of export: inout ModelExport, _ model: StoredModel, samples: ModelPruning.Samples,
    test: SampleFiles?, pool: WorkerPool, tell: (Notice) -> Void
  ) throws {
    let material = try ModelPruning.Material(samples, test: test, model: model, metric: nil)
    material.notices.forEach(tell)
    guard let scored = material.scored, let measured = material.measured else {
      throw RunFailure.commandLine(
        "\(ExportOption.int8.commandLine) needs samples to find scales by; name some with --data")
    }
    try self.init(
      of: &export, calibrating: scored, measuring: measured.samples,
      hasTargets: measured.hasTargets, source: measured.source, pool: pool)
    export.quantizedQuality = statements
  }

  private init(
    of export: inout ModelExport, calibrating: SampleSet, measuring: SampleSet, hasTargets: Bool,
    source: String, pool: WorkerPool
  ) throws {
    let all = (calibrating: calibrating, measuring: measuring)
    let state = export.state
    let calibrating = all.calibrating.keeping(Calibration.rows(of: all.calibrating.indices))
      .inMemory(pool)
    try all.calibrating.demandRead()
    let network = try Calibration(
      state, samples: calibrating.inputs, indices: calibrating.indices
    ).network()
    export.quantized = network
    let measuring = all.measuring.keeping(
      Self.chosen(all.measuring.indices, products: network.products)
    ).inMemory(pool)
    try all.measuring.demandRead()
    let chosen = measuring.indices
    let float = Predictor(state.network, pool: pool)
      .outputs(for: measuring.inputs.rows(chosen))
    let bytes = chosen.map {
      network.outputs(network.quantized(state.raw(measuring.inputs.row(Int($0)))))
    }
    let output = network.layers[network.layers.count - 1].output
    let values = bytes.map { $0.map(output.value) }
    samples = chosen.count
    self.source = source
    var labels: [Int32]?
    if case .labels(let all) = measuring.targets, hasTargets {
      labels = chosen.map { all[Int($0)] }
    }
    let floatClasses = (0..<float.rows).map { Self.classNumber(float.row($0).map(Double.init)) }
    let classes = values.map(Self.classNumber)
    if let labels {
      measure = .accuracy
      before = Self.agreement(floatClasses, labels)
      after = Self.agreement(classes, labels)
    } else if !hasTargets, !state.classes.isEmpty {
      (measure, before) = (.agreement, 1)
      after = Self.agreement(classes, floatClasses)
    } else {
      let floats = (0..<float.rows).map { float.row($0).map(Double.init) }
      guard hasTargets else {
        (measure, before) = (.difference, 0)
        after = Self.difference(values, floats)
        return
      }
      let units = state.targetScaling?.scale.map { abs(1 / $0) }
      let wanted = chosen.map { row in
        (0..<float.columns).map { measuring.value(of: row, $0) }
      }
      guard float.columns > 1 else {
        measure = .rmse
        before = Self.rmse(floats, wanted, units)
        after = Self.rmse(values, wanted, units)
        return
      }
      measure = .nrmse
      before = Self.nrmse(floats, wanted)
      after = Self.nrmse(values, wanted)
    }
  }

  /// Rows from everywhere in `indices`; all where that does not take long.
  private static func chosen(_ indices: [Int32], products: Int) -> [Int32] {
    let count = min(indices.count, rows(products: products))
    return (0..<count).map { indices[$0 * indices.count / count] }
  }

  /// Rows that a network of so many products is measured on, where there are as many.
  static func rows(products: Int) -> Int { max(1_000, 2_000_000_000 / max(products, 1)) }

  private static func classNumber(_ outputs: [Double]) -> Int32 {
    if outputs.count == 1 { return outputs[0] > 0 ? 1 : 0 }
    return Int32(outputs.indices.reduce(0) { outputs[$1] > outputs[$0] ? $1 : $0 })
  }

  private static func agreement(_ one: [Int32], _ other: [Int32]) -> Double {
    Double(zip(one, other).count { $0 == $1 }) / Double(max(one.count, 1))
  }

  /// The mean over the outputs of the root of the mean squared difference.
  private static func rmse(_ one: [[Double]], _ other: [[Double]], _ units: [Double]?) -> Double {
    let outputs = one.first?.count ?? 0
    var total = 0.0
    for output in 0..<outputs {
      let squares = zip(one, other).reduce(0.0) {
        let difference = $1.0[output] - $1.1[output]
        return $0 + difference * difference
      }
      total += (squares / Double(one.count)).squareRoot() * (units?[output] ?? 1)
    }
    return total / Double(max(outputs, 1))
  }

  /// The root of the mean squared error, over all outputs, each in standard deviations of what is wanted of it;
  /// outputs of which always the same is wanted do not count.
  private static func nrmse(_ values: [[Double]], _ wanted: [[Double]]) -> Double {
    let count = Double(wanted.count)
    let shares = (0..<(wanted.first?.count ?? 0)).compactMap { output -> Double? in
      let mean = wanted.reduce(0) { $0 + $1[output] } / count
      let spread = wanted.reduce(0) { $0 + ($1[output] - mean) * ($1[output] - mean) }
      let error = zip(values, wanted).reduce(0.0) {
        let difference = $1.0[output] - $1.1[output]
        return $0 + difference * difference
      }
      return spread > 0 ? error / spread : nil
    }
    return shares.isEmpty ? 0 : (shares.reduce(0, +) / Double(shares.count)).squareRoot()
  }

  /// The root of the mean squared difference by the deviation of `floats`, of all outputs together; by a
  /// hundredth of their size where they hardly differ.
  private static func difference(_ values: [[Double]], _ floats: [[Double]]) -> Double {
    let means = (0..<(floats.first?.count ?? 0)).map { output in
      floats.reduce(0.0) { $0 + $1[output] } / Double(floats.count)
    }
    let spread = rmse(floats, Array(repeating: means, count: floats.count), nil)
    let error = rmse(values, floats, nil)
    let size = rmse(floats, Array(repeating: means.map { _ in 0 }, count: floats.count), nil)
    let unit = max(spread, size / 100)
    return unit > 0 ? error / unit : error == 0 ? 0 : .infinity
  }
}

extension Matrix {
  /// The rows of `indices`.
  fileprivate func rows(_ indices: [Int32]) -> Matrix {
    Matrix(rows: indices.count, columns: columns, indices.flatMap { row(Int($0)) })
  }
}
