import Storage

/// What computes the rows of a data set.
package enum DataGenerator: Sendable, Equatable {
  /// For regression.
  case diffusionSorption(DiffusionSorption)
  /// For classification.
  case edges(EdgeImages)

  /// Its word in a schedule.
  package var name: String {
    switch self {
    case .diffusionSorption: "diffusion_sorption"
    case .edges: "edges"
    }
  }

  /// What is learnt from its rows.
  package var task: LearningTask {
    switch self {
    case .diffusionSorption: .regression
    case .edges: .classification
    }
  }

  /// Columns of the inputs.
  package var inputs: Int {
    switch self {
    case .diffusionSorption(let generator): generator.inputs
    case .edges(let generator): generator.pixels
    }
  }

  /// All rows.
  package var rows: Int {
    switch self {
    case .diffusionSorption(let generator): generator.rows
    case .edges(let generator): generator.samples
    }
  }

  /// The names of the classes; empty for regression.
  package var classNames: [String] {
    switch self {
    case .diffusionSorption: []
    case .edges(let generator): generator.classNames
    }
  }

  /// Output units that a network needs.
  package var outputs: Int { max(1, classNames.count) }

  /// All settings; their digest stands for the data.
  package var canonical: JSONValue {
    switch self {
    case .diffusionSorption(let generator): generator.canonical
    case .edges(let generator): generator.canonical
    }
  }

  /// All rows.
  ///
  /// - Parameter solutions: where solutions of equations come from.
  /// - Throws: `DatasetError` where somebody has asked to stop meanwhile: what there is then is unfinished.
  func dataset(solutions: SolutionSource) throws(DatasetError) -> Dataset {
    let dataset =
      switch self {
      case .diffusionSorption(let generator): generator.dataset(solutions: solutions(generator))
      case .edges(let generator): generator.dataset(isInterrupted: solutions.isInterrupted)
      }
    if solutions.isInterrupted() {
      throw .at(name, "it is unfinished, since somebody asked to stop")
    }
    return dataset
  }
}
