import Datasets
import NeuralNetworks
import Storage

/// Where the rows come from, what is learnt from them, and how they are divided and scaled.
///
/// `split` takes rows from the training source, for parts without files of their own: fractions, or
/// whole numbers of rows. Of generated data it takes whole samples of the parameters, and numbers
/// count those.
package struct DataSettings: Sendable, Equatable {
  /// Where a part besides the training part comes from.
  package enum Part: Sendable, Equatable {
    case absent
    /// Files of its own.
    case source(SourceSettings)
    /// Rows split off from the training source.
    case share(PartSize)
  }

  package let train: SourceSettings
  package let validation: Part
  package let test: Part
  /// What decides in which part a row of the training source is; shuffle unless stated.
  package let rule: SplitRule
  package let task: LearningTask
  /// How inputs are scaled; `none` unless stated.
  package let scaling: Scaling
  /// How the targets of a regression are scaled; `none` unless stated.
  package let targetScaling: Scaling
  /// The image that the inputs are; nil where they are none. Nothing that is computed depends on it.
  package let image: ImageShape?
  /// Where inputs are while they are learnt; memory unless stated. Nothing that is computed depends on it.
  package let storage: DataStorage
  /// Whether each rank of an MPI job holds some of the rows alone; inputs of a process alone are in their file.
  /// Nothing that is computed depends on it.
  package let isSharded: Bool
  /// How trainings go through the samples; nil where all are shuffled.
  package let blocks: BlockOrder?
  /// Where some of them stand.
  package let places: DataPlaces

  /// Whether inputs are read where they lie, and are never in the memory of one process as a whole.
  package var readsInputs: Bool { storage == .file || isSharded }

  /// Whether there is such a part.
  package func has(_ part: DataPartName) -> Bool {
    switch part {
    case .train: true
    case .validation: validation != .absent
    case .test: test != .absent
    }
  }

  /// What is to be read, with paths relative to `folder` and the split drawn from `seed`.
  ///
  /// - Parameter network: what a network that there is already demands of the data.
  package func request(
    folder: String, seed: UInt64, network: NetworkInterface? = nil
  ) -> DataRequest {
    func origin(_ part: Part) -> DataRequest.PartOrigin {
      switch part {
      case .absent: .absent
      case .source(let source): .source(source.source(folder: folder))
      case .share(let size): .share(size)
      }
    }
    var request = DataRequest(
      train: train.source(folder: folder), validation: origin(validation), test: origin(test),
      task: task, scaling: scaling, targetScaling: targetScaling, rule: rule, seed: seed,
      network: network)
    request.storage = readsInputs ? .file : .memory
    return request
  }

  /// All settings, defaults written out, with the paths as written; or those alone that decide what is read
  /// from the files, without them.
  package func json(paths: Bool) -> JSONValue {
    func json(_ part: Part) -> JSONValue {
      switch part {
      case .absent: .null
      case .source(let source): ["files": source.json(paths: paths)]
      case .share(let size): ["share": size.json]
      }
    }
    var result: JSONValue = [
      "train": train.json(paths: paths), "validation": json(validation), "test": json(test),
      "task": .string(task.rawValue), "scale": .string(scaling.rawValue),
      "scale_targets": .string(targetScaling.rawValue),
    ]
    if rule != .shuffle { result["split_by"] = SplitRule.form.write(rule) }
    if let blocks { result["order"] = .object(BlockOrder.block.encode(blocks)) }
    if paths, storage != .memory { result["storage"] = .string(storage.rawValue) }
    if paths, isSharded { result["shard"] = true }
    if paths, let image { result["image"] = ImageShape.form.write(image) }
    return result
  }

  /// The form that keys are made of; the data digest stands for the files.
  package var canonical: JSONValue { json(paths: false) }

  /// The form that a record of the data is kept under: the canonical one with the seed of the
  /// split.
  package func canonical(seed: UInt64) -> JSONValue {
    var result = canonical
    result["seed"] = .integer(Int64(clamping: seed))
    return result
  }
}

extension DataSettings {
  /// The same settings with `generator` as the source of the training part.
  package func generated(by generator: DiffusionSorption) -> DataSettings {
    DataSettings(
      train: .generated(.diffusionSorption(generator)), validation: validation, test: test,
      rule: rule, task: task, scaling: scaling, targetScaling: targetScaling, image: nil,
      storage: .memory, isSharded: false, blocks: blocks, places: places)
  }
}

extension DiffusionSorption {
  /// The same data with other noise.
  package func with(noise: Double) -> DiffusionSorption {
    DiffusionSorption(
      times: times, points: points, samples: samples, noise: noise, seed: seed)
  }
}
