import Engine
import Scheduler
import Storage

/// What the layers of a network take, as measured once in a run: stages that prune to a limit of
/// milliseconds go by these numbers, however often they are computed, so that they end in the same
/// bits.
package struct InferenceTimes: Sendable, Equatable {
  /// Width of the input, of every hidden layer, and of the output.
  package let widths: [Int]
  /// Behind all layers but the last.
  package let activation: Activation
  /// Samples of a call.
  package let batch: Int
  /// Threads that shared the work.
  package let threads: Int
  /// Each layer measured as a network of its own.
  package let layers: [LayerTime]

  package init(
    of architecture: Architecture, batch: Int, threads: Int, layers: [LayerTime]
  ) {
    precondition(layers.count == architecture.layerCount, "one element a layer")
    widths = architecture.widths
    activation = architecture.activation
    self.batch = batch
    self.threads = threads
    self.layers = layers
  }

  /// Whether these are times of calls of `batch` samples of such a network.
  package func fits(_ architecture: Architecture, batch: Int) -> Bool {
    widths == architecture.widths && activation == architecture.activation && self.batch == batch
  }
}

extension InferenceTimes {
  package var json: JSONValue {
    [
      "widths": JSONValue(widths.map { JSONValue($0) }), "activation": .string(activation.rawValue),
      "batch": JSONValue(batch), "threads": JSONValue(threads),
      "layers": JSONValue(
        layers.map { layer in
          JSONValue(
            layer.points.map {
              ["weights": JSONValue($0.kept), "nanoseconds": JSONValue($0.nanoseconds)]
            })
        }),
    ]
  }

  package init(json: JSONValue) throws(JSONError) {
    widths = try json.array(at: "widths").map { $0.intValue ?? 0 }
    guard let activation = Activation(rawValue: try json.string(at: "activation")) else {
      throw .wrongKind(path: "activation", expected: "an activation", found: "something else")
    }
    self.activation = activation
    batch = try json.integer(at: "batch")
    threads = try json.integer(at: "threads")
    layers = try json.array(at: "layers").map { layer throws(JSONError) in
      try Self.layer(layer)
    }
    let shapes = zip(widths, widths.dropFirst())
    guard layers.count + 1 == widths.count, widths.allSatisfy({ $0 >= 1 }),
      zip(layers, shapes).allSatisfy({ layer, shape in
        let (weights, overflow) = shape.0.multipliedReportingOverflow(by: shape.1)
        return !overflow && layer.points[0].kept == weights
      })
    else {
      throw .wrongKind(path: "layers", expected: "times of each layer", found: "others")
    }
  }

  private static func layer(_ json: JSONValue) throws(JSONError) -> LayerTime {
    var points: [LayerTime.Point] = []
    for point in json.arrayValue ?? [] {
      points.append(
        LayerTime.Point(
          kept: try point.integer(at: "weights"), nanoseconds: try point.number(at: "nanoseconds"))
      )
    }
    do {
      return try LayerTime(measured: points)
    } catch {
      throw .wrongKind(path: "layers", expected: "times of a layer", found: "\(error)")
    }
  }
}
