import Engine
import NumericCore
import Storage

/// From which density on compressed rows win on this machine: what a new committed `KernelTable` is
/// made from. Nothing at run time depends on it.
package struct KernelCalibration: Sendable, Equatable {
  /// A network [width, width, width], and the samples of a batch.
  package struct Shape: Sendable, Equatable {
    package let width: Int
    package let batch: Int

    package init(width: Int, batch: Int) {
      self.width = width
      self.batch = batch
    }
  }

  /// Time of a training step with compressed rows over that with dense ones, by density.
  package struct Row: Sendable, Equatable {
    package let shape: Shape
    /// One for each of `densities`.
    package let ratios: [Double]

    package init(shape: Shape, ratios: [Double]) {
      precondition(ratios.count == KernelCalibration.densities.count, "a ratio for every density")
      self.shape = shape
      self.ratios = ratios
    }

    /// The density at which both take as long, between its neighbours on a straight line; the first or
    /// the last density where one of them always wins.
    package var crossing: Double {
      let densities = KernelCalibration.densities
      guard let after = ratios.firstIndex(where: { $0 > 1 }) else {
        return densities[densities.count - 1]
      }
      if after == 0 { return densities[0] }
      let (low, high) = (ratios[after - 1], ratios[after])
      let share = (1 - low) / (high - low)
      return densities[after - 1] + share * (densities[after] - densities[after - 1])
    }
  }

  /// Densities that are tried, ascending.
  package static let densities = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
  /// Shapes that are tried: those of the committed table.
  package static let shapes = [(64, 64), (256, 16), (256, 64), (1024, 32), (1024, 128)].map {
    Shape(width: $0.0, batch: $0.1)
  }

  /// The instruction set whose kernels were measured.
  package let set: InstructionSet
  package let rows: [Row]

  package init(set: InstructionSet, rows: [Row]) {
    precondition(!rows.isEmpty)
    self.set = set
    self.rows = rows
  }

  /// The density for the table: the lowest crossing of all shapes, down to a multiple of 0.05, so that
  /// compressed rows lose nowhere and noise does not show.
  package var density: Double {
    let lowest = rows.map(\.crossing).min()!
    // 20 steps to 1; a crossing at a multiple must not fall short of it by rounding.
    return (lowest * 20 + 1e-9).rounded(.down) / 20
  }

  /// Measures all shapes on one thread; `progress` is told before each.
  package static func measure(
    seconds: Double = 0.3, shapes: [Shape] = shapes, progress: (Shape) -> Void
  ) -> KernelCalibration {
    let pool = WorkerPool(threadCount: 1)
    let stopwatch = Stopwatch(seconds: seconds, repeats: 5)
    let rows = shapes.map { shape in
      progress(shape)
      let ratios = densities.map { density in
        let model = ChainStep.Model(width: shape.width, density: density)
        let steps = [true, false].map {
          ChainStep(model, batch: shape.batch, compressed: $0, pool: pool)
        }
        let times = stopwatch.best(steps.map { step in { step() } })
        return times[0] / times[1]
      }
      return Row(shape: shape, ratios: ratios)
    }
    return KernelCalibration(set: .chosen, rows: rows)
  }

  /// The name of the instruction set, as the committed table's columns have it.
  package var featureName: String {
    switch set {
    case .plain: "plain"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    case .neon: "NEON"
    }
  }

  /// The form of `bench --calibrate --json`.
  package var json: JSONValue {
    [
      "format": 1, "features": .string(featureName), "density": JSONValue(density),
      "densities": JSONValue(Self.densities.map { JSONValue($0) }),
      "committed": JSONValue(KernelTable.committed(for: set).density),
      "rows": JSONValue(
        rows.map { row in
          [
            "width": JSONValue(row.shape.width), "batch": JSONValue(row.shape.batch),
            "ratios": JSONValue(row.ratios.map { JSONValue($0) }),
            "crossing": JSONValue(row.crossing),
          ] as JSONValue
        }),
    ]
  }
}
