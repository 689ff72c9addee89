import NumericCore
import Storage

/// The dense products of training steps beside the BLAS library's sgemm, on one thread, on the same numbers.
package struct ProductMeasurement: Sendable, Equatable {
  /// One product.
  package struct Entry: Sendable, Equatable {
    package let name: String
    /// Multiplications and additions.
    package let operations: Double
    /// Milliseconds of the chosen set's own kernel.
    package let milliseconds: Double
    /// Milliseconds of sgemm.
    package let sgemmMilliseconds: Double

    package init(
      name: String, operations: Double, milliseconds: Double, sgemmMilliseconds: Double
    ) {
      self.name = name
      self.operations = operations
      self.milliseconds = milliseconds
      self.sgemmMilliseconds = sgemmMilliseconds
    }

    /// The kernel's rate over sgemm's.
    package var ratio: Double { sgemmMilliseconds / milliseconds }
  }

  package let entries: [Entry]

  package init(entries: [Entry]) { self.entries = entries }

  /// The shapes of all steps of dense networks, each once. A gradient reads samples row by row, so its right
  /// side is not transposed.
  package static let shapes: [ProductShape] = {
    var shapes: [ProductShape] = []
    for product in BenchRow.trainRows.flatMap(\.trainingProducts) {
      let shape = ProductShape(
        rows: product.rows, columns: product.columns, inner: product.inner,
        transposesLeft: product.transposesLeft)
      if !shapes.contains(shape) { shapes.append(shape) }
    }
    return shapes
  }()

  /// Times all `shapes`; `progress` is told of each before.
  package static func measure(
    seconds: Double = 0.2, shapes: [ProductShape] = shapes, progress: (ProductShape) -> Void
  ) -> ProductMeasurement {
    let stopwatch = Stopwatch(seconds: seconds, repeats: 10)
    return ProductMeasurement(
      entries: shapes.map { shape in
        progress(shape)
        let operands = ProductOperands(shape)
        let times = stopwatch.best([operands.multiplyByTiles, operands.multiply])
        return Entry(
          name: shape.name, operations: shape.operations, milliseconds: times[0] * 1e3,
          sgemmMilliseconds: times[1] * 1e3)
      })
  }

  /// The form of `bench --products --json`.
  package var json: JSONValue {
    var products = JSONObject()
    for entry in entries {
      products[entry.name] = [
        "ms": JSONValue(entry.milliseconds), "sgemm_ms": JSONValue(entry.sgemmMilliseconds),
        "operations": JSONValue(entry.operations),
      ]
    }
    return [
      "format": 1, "threads": 1, "instructions": .string(InstructionSet.chosen.rawValue),
      "products": .object(products),
    ]
  }
}
