import CKernels
import NumericCore

/// A chain of layers in the form in which one sample at a time goes through it fastest: every weight is
/// read once, so what counts are the bytes of weights and the loads of inputs.
///
/// Compressed layers are copied to `WindowedRows` or `LaneRows` where these pay, and are taken row by row elsewhere;
/// rows are shared out to threads where a layer has work for several microseconds.
///
/// A class, because it owns working memory; one thread at a time may use it.
final class SingleSampleChain {
  private struct Layer {
    let layer: WorkingLayer
    let form: Form
    /// Rows, or blocks of them, by task.
    let tasks: [Range<Int>]
  }

  /// What a layer's weights are copied to.
  private enum Form {
    /// Nothing.
    case rows
    case windows(Windows)
    case lanes(Lanes)

    /// Whether the kernel applies relu.
    var clips: Bool {
      switch self {
      case .rows: false
      case .windows, .lanes: true
      }
    }
  }

  /// `LaneRows` at addresses that stay.
  private struct Lanes {
    let starts: UnsafePointer<Int32>
    let tails: UnsafePointer<Int32>
    let indices: UnsafePointer<Int32>
    let values: UnsafePointer<Float>
    let order: UnsafePointer<Int32>
  }

  /// `WindowedRows` at addresses that stay.
  private struct Windows {
    let starts: UnsafePointer<Int32>
    let windows: UnsafePointer<Int32>
    let places: UnsafePointer<UInt8>
    let values: UnsafePointer<Float>
    let order: UnsafePointer<Int32>
  }

  private let pool: WorkerPool
  private let memory = ChainMemory()
  private let layers: [Layer]
  /// Two areas that hold any layer's inputs or outputs.
  private let areas: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)

  /// Weights of a task that are taken row by row, and steps of the other forms: 2 to 5 µs on one core,
  /// several times what it takes to hand a task to a waiting thread.
  private static let rowTask = 16_384
  private static let windowTask = 2_048
  private static let laneTask = 1_024
  private static let mostTasks = 16

  init(_ parameters: ChainParameters, pool: WorkerPool) {
    self.pool = pool
    let widest = parameters.layers.reduce(parameters.inputs) { max($0, $1.outputs) }
    let size = WindowedRows.readableInputs(widest)
    areas = (memory.zeros(size), memory.zeros(size))
    layers = parameters.layers.indices.map { [memory] index in
      SingleSampleChain.layer(parameters, index, memory)
    }
  }

  private static func layer(
    _ parameters: ChainParameters, _ index: Int, _ memory: ChainMemory
  ) -> Layer {
    let layer = parameters.layers[index]
    if let survivors = parameters.survivors(of: index) {
      let rows = WindowedRows(survivors, values: layer.weights)
      if rows.pays(for: survivors, on: .chosen) {
        let windows = Windows(
          starts: memory.copy(rows.starts, padding: 0),
          windows: memory.copy(rows.windows, padding: 0),
          places: memory.copy(rows.places, padding: 0),
          values: memory.copy(rows.values, padding: 0),
          order: memory.copy(rows.order, padding: 0))
        let tasks = tasks(
          rows: rows.starts.count - 1, task: windowTask, start: { Int(rows.starts[$0]) })
        return Layer(layer: layer, form: .windows(windows), tasks: tasks)
      }
      if LaneRows.pay(on: .chosen) {
        let rows = LaneRows(survivors, values: layer.weights)
        let lanes = Lanes(
          starts: memory.copy(rows.starts, padding: 0), tails: memory.copy(rows.tails, padding: 0),
          indices: memory.copy(rows.indices, padding: 0),
          values: memory.copy(rows.values, padding: 0),
          order: memory.copy(rows.order, padding: 0))
        let tasks = tasks(
          rows: rows.tails.count, task: laneTask, start: { Int(rows.starts[$0]) })
        return Layer(layer: layer, form: .lanes(lanes), tasks: tasks)
      }
    }
    let tasks = tasks(rows: layer.outputs, task: rowTask, start: layer.start(ofRow:))
    return Layer(layer: layer, form: .rows, tasks: tasks)
  }

  /// The outputs for the sample that `fill` puts into [inputs] floats become `result` [outputs].
  func run(
    into result: UnsafeMutablePointer<Float>, fill: (UnsafeMutablePointer<Float>) -> Void
  ) {
    var (x, next) = areas
    fill(x)
    for index in layers.indices {
      let target = index == layers.count - 1 ? result : next
      apply(layers[index], toSample: x, into: target)
      swap(&x, &next)
    }
  }

  private func apply(
    _ layer: Layer, toSample x: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    let (working, tasks) = (layer.layer, layer.tasks)
    let relu = working.activation == .relu
    pool.run(tasks: tasks.count) { task, _ in
      let range = tasks[task]
      switch layer.form {
      case .windows(let windows):
        eck_window_vector(
          range.lowerBound, range.upperBound, working.outputs, windows.starts,
          windows.windows, windows.places, windows.values, windows.order, working.bias,
          relu ? 1 : 0, x, target)
      case .lanes(let lanes):
        eck_lane_vector(
          range.lowerBound, range.upperBound, working.outputs, lanes.starts, lanes.tails,
          lanes.indices, lanes.values, lanes.order, working.bias, relu ? 1 : 0, x, target)
      case .rows: working.apply(toSample: x, rows: range, into: target)
      }
    }
    if working.activation == .identity || relu && layer.form.clips { return }
    working.activate(sample: target, into: target)
  }

  /// Cuts `rows` rows, of which row i begins at weight or step start(i), into about even tasks of at
  /// least `task`.
  private static func tasks(rows: Int, task: Int, start: (Int) -> Int) -> [Range<Int>] {
    let total = start(rows)
    let wanted = max(1, min(mostTasks, total / task))
    let share = (total + wanted - 1) / wanted
    var tasks: [Range<Int>] = []
    var row = 0
    while row < rows {
      var end = row
      repeat { end += 1 } while end < rows && start(end) - start(row) < share
      tasks.append(row..<end)
      row = end
    }
    return tasks
  }
}
