import Datasets
import Engine
import NeuralNetworks

/// The data of a run in memory, in the form that stages take.
package struct RunData: Sendable {
  package var training: SampleSet
  package var validation: SampleSet?
  package let test: SampleSet?
  package let inputScaling: AffineScaling?
  package let targetScaling: AffineScaling?
  package let classes: [String]
  /// What a model that is made from them knows of them; nil where there is nothing to know.
  package let interface: ModelInterface?
  /// A hash of each row of the training source, of all parts; nil where nobody asked.
  package let rowHashes: [UInt64]?

  /// Samples that there is nothing else to know of.
  init(training: SampleSet, validation: SampleSet? = nil, test: SampleSet? = nil) {
    self.training = training
    (self.validation, self.test) = (validation, test)
    (inputScaling, targetScaling, classes, interface, rowHashes) = (nil, nil, [], nil, nil)
  }

  /// - Parameter blocks: how trainings go through the samples; nil where all are shuffled.
  package init(_ parts: DataParts, blocks: BlockOrder? = nil) {
    var training = SampleSet(parts.train)
    training.blocks = blocks
    self.training = training
    validation = parts.validation.map { SampleSet($0) }
    test = parts.test.map { SampleSet($0) }
    inputScaling = parts.inputScale
    targetScaling = parts.targetScale
    classes = parts.train.dataset.targets.classNames ?? []
    interface = parts.train.dataset.interface
    rowHashes = parts.train.dataset.rowHashes
  }

  private init(_ data: RunData, training: SampleSet, validation: SampleSet?, test: SampleSet?) {
    (self.training, self.validation, self.test) = (training, validation, test)
    (inputScaling, targetScaling) = (data.inputScaling, data.targetScaling)
    (classes, interface, rowHashes) = (data.classes, data.interface, data.rowHashes)
  }

  /// The same data with what `change` makes of the samples of each part.
  package func changing(
    _ change: (DataPartName, SampleSet) -> SampleSet
  ) -> RunData {
    RunData(
      self, training: change(.train, training),
      validation: validation.map { change(.validation, $0) },
      test: test.map { change(.test, $0) })
  }

  /// A model that is `network`, for these data, to be trained by `loss`.
  ///
  /// - Parameter original: the shape before units of it were left out; nil where none was.
  package func model(
    of network: Network, original: OriginalShape? = nil, loss: Loss
  ) -> ModelState {
    var interface = interface ?? ModelInterface(inputs: [], targets: [])
    interface.loss = loss
    return ModelState(
      network: network, inputScaling: inputScaling, targetScaling: targetScaling, classes: classes,
      interface: interface, original: original)
  }

  /// The samples of one part; nil where there is no such part.
  package subscript(_ part: DataPartName) -> SampleSet? {
    switch part {
    case .train: training
    case .validation: validation
    case .test: test
    }
  }

  /// Makes sure that all rows could be read that were asked for.
  ///
  /// - Throws: `DatasetError`.
  package func demandAllRead() throws {
    for samples in [training, validation, test] { try samples?.demandRead() }
  }

  /// The part that stages are measured on while a model is made: the validation part, or the training
  /// part where there is none. The test part never is.
  package var measuringPart: DataPartName { validation == nil ? .train : .validation }
}

extension DataMatrix {
  /// Where the rows of these inputs are, rounded to float32 or scaled.
  var samples: SampleInputs {
    if case .stored(let stored) = self { .stored(stored) } else { .resident(rounded) }
  }
}

extension SampleSet {
  init(_ part: DatasetPart) {
    let targets: Targets =
      switch part.dataset.targets {
      case .classes(let labels, _): .labels(labels)
      case .values(let values): .values(values.rounded)
      }
    self.init(
      part.dataset.inputs.samples, targets: targets, indices: part.rows,
      exactTargets: part.dataset.exactTargets)
  }
}
