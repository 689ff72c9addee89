extension DataRequest {
  /// The rows of each part where `generator` computes the training source, known without its inputs.
  ///
  /// - Throws: `DatasetError` for sizes that are out of range.
  package func split(of generator: DataGenerator) throws(DatasetError) -> Split {
    switch generator {
    case .diffusionSorption(let own):
      try split(groups: own.samples, rowsPerGroup: own.rowsPerSample)
    case .edges(let own):
      try split(.classes(own.labels, names: own.classNames), of: generator.name)
    }
  }
}
