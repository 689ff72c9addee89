import Storage

/// Studies that ask something else than which way to prune is better.
extension Draft {
  // MARK: Units

  func addUnits(to lines: inout DraftLines) {
    lines.add(
      "kind: units", "what the study asks; ecpipe explain --study lists the keys of each kind")
    addStudyData(to: &lines)
    addModel(to: &lines, hasValidation: false)
    lines.add()
    lines.add("train: {epochs: \(network.epochs)}", "the dense networks, one a seed")
    addSeeds(to: &lines)
    lines.add("ratios: [0.5, 0.8, 0.9]", "the shares of all weights that go with their units")
    lines.add(
      "sample_shares: [0.01, 0.1, 1]",
      "of the training part, for the refit that stands in for training")
    lines.add("epochs: [1, 5, 20]", "of training in its place")
    lines.add("step: 0.3", "the most units of a layer that go at once, as a share")
    addQuick(
      [
        "train: {epochs: \(quickEpochs)}", "ratios: [0.8]", "sample_shares: [0.1, 1]",
        "epochs: [1]",
      ],
      to: &lines)
  }

  // MARK: Dropout

  func addDropoutPhases(to lines: inout DraftLines) {
    lines.add(
      "kind: dropout_phases",
      "what the study asks; ecpipe explain --study lists the keys of each kind")
    addStudyData(to: &lines)
    let hidden = network.hidden.map(String.init)
    lines.add()
    lines.add("models:", "phases are compared between them")
    lines.add("  - {hidden: \(YAMLText.list(Array(hidden.prefix(1))))}")
    lines.add("  - {hidden: \(YAMLText.list(hidden))}")
    addTraining(to: &lines, hasValidation: false)
    lines.add()
    let rates = "[0, 0.2, 0.5, 0.8, 0.95]"
    lines.add("train_rates: \(rates)", "of hidden units that training leaves out")
    lines.add(
      "evaluation_rates: \(rates)", "of those that are left out while the test loss is measured")
    lines.add(
      "train_sizes: \(YAMLText.list(trainSizes.map(String.init)))",
      table.guess == nil
        ? "<- numbers of training samples, four at least; all of them below those there are"
        : "numbers of training samples, four at least")
    lines.add("steps: 1000", "of every training, whatever its size")
    lines.add("draws: 8", "of hidden units, of which a measured loss is the mean")
    addSeeds(to: &lines)
    addQuick(
      ["train_rates: [0, 0.9]", "evaluation_rates: [0, 0.9]", "steps: 100", "draws: 4"], to: &lines)
  }

  /// Twice as many each time, and the most fewer than the training part is sure to have.
  private var trainSizes: [Int] {
    let most = rows(Self.sureTraining) ?? 800
    let halved = (0..<5).map { most >> $0 }.filter { $0 >= 8 }
    return halved.count >= 4 ? halved.reversed() : [1, 2, 3, 4].map { max($0, most * $0 / 4) }
  }

  // MARK: Receptive fields

  func addReceptiveFields(to lines: inout DraftLines) {
    lines.add(
      "kind: receptive_fields",
      "what the study asks; ecpipe explain --study lists the keys of each kind")
    if let guess = table.guess {
      addStudyData(to: &lines)
      let sides = Self.sides(of: guess.width)
      lines.add(
        "  image: [\(sides.rows), \(sides.columns)]",
        "rows and columns of the pixels that the inputs are, row by row"
          + (sides.rows == sides.columns ? "" : "; <- a guess: only their product is known"))
    } else {
      lines.add()
      lines.add(
        "data:", "<- or images of your own: a table with a column a pixel, and image: [28, 28]")
      lines.add(
        "  generate: {edges: {side: 16, samples: 4000}}", "rectangles; the class is their angle")
      lines.add("  task: classification")
      lines.add("  split: {test: \(Self.studyTest)}", "what networks are tested on")
      lines.add("  scale: standard", "every input to mean 0 and deviation 1")
    }
    addModel(to: &lines, hasValidation: false)
    lines.add()
    lines.add("train: {epochs: 10}", "in every round")
    lines.add("rewind: 1", "survivors go back to what they were after this epoch")
    lines.add("rounds: 10", "how often is pruned; 0.7^10: 2.8 % of the weights are left")
    lines.add("prune: 0.3", "the share of the weights left that goes in every round")
    lines.add(
      "inputs: [images, gaussian, permuted]", "the last two are controls, for the first criterion")
    lines.add("criteria: [magnitude, ec, random]", "all on the first of the inputs")
    lines.add("samples: 2000", "of the training part, for the kurtosis of pre-activations")
    addSeeds(to: &lines)
    addQuick(["train: {epochs: 3}", "rounds: 3", "samples: 500"], to: &lines)
  }

  /// The sides of an image of so many pixels that are the most alike.
  private static func sides(of pixels: Int) -> (rows: Int, columns: Int) {
    let pixels = max(pixels, 1)
    let rows = (1...pixels).prefix { $0 * $0 <= pixels }.last { pixels % $0 == 0 } ?? 1
    return (rows, pixels / rows)
  }

  // MARK: What all have

  private static let studyTest = 0.3
  /// A share of the rows that is surely for training then, however the parts are rounded.
  private static let sureTraining = 0.6

  private var quickEpochs: Int { max(1, network.epochs / 5) }

  private func addStudyData(to lines: inout DraftLines) {
    lines.add()
    table.addData(
      to: &lines, split: "{test: \(Self.studyTest)}",
      "what networks are tested on; the rest is for training")
  }

  private func addSeeds(to lines: inout DraftLines) {
    lines.add("seeds: 3", "how many, or which: weights, orders and draws differ")
  }

  private func addQuick(_ settings: [String], to lines: inout DraftLines) {
    lines.add()
    lines.add("quick:", "what holds in their place with --quick")
    for setting in settings + ["seeds: 2"] { lines.add("  " + setting) }
  }
}
