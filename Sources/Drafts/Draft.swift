import Datasets
import Storage

/// A commented schedule, or study, for a table: what `init` writes.
package struct Draft: Sendable {
  /// What the file is for.
  package enum Kind: Sendable {
    case schedule
    /// Of ways to prune.
    case study
    case nightly
    /// A study of hidden units that go.
    case units
    /// A study of dropout at two rates.
    case dropoutPhases
    /// A study of pruning in rounds on images.
    case receptiveFields
  }

  package let kind: Kind
  /// The name of what comes out.
  package let name: String
  /// The file's own name, for the commands that its comments name.
  package let file: String
  /// The name of the schema beside it; nil for none.
  package let schema: String?
  package let table: DraftTable

  package init(_ kind: Kind, name: String, file: String, schema: String?, table: DraftTable) {
    self.kind = kind
    self.name = name
    self.file = file
    self.schema = schema
    self.table = table
  }

  /// `word` as the name of a run: letters, digits, points, dashes and underscores of it.
  package static func name(from word: String) -> String {
    let kept = word.unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        || "._-".unicodeScalars.contains(scalar) ? String(scalar) : "-"
    }
    let name = kept.joined().drop { "-._".contains($0) }.prefix(64)
    return name.isEmpty ? "run" : String(name.hasSuffix(".lock") ? name.dropLast(5) : name)
  }

  var network: NetworkGuess {
    NetworkGuess(
      rows: table.guess?.survey.rows ?? 10_000, width: table.guess?.width ?? 0)
  }

  /// Rows in a share of the table; nil where there is none.
  func rows(_ share: Double) -> Int? { table.guess.map { Int(share * Double($0.survey.rows)) } }

  /// The file's text.
  package var text: String {
    var lines = DraftLines()
    if let schema { lines.add("# yaml-language-server: $schema=\(schema)") }
    addIntroduction(to: &lines)
    table.addColumns(to: &lines)
    lines.add()
    lines.add("version: 1")
    let folder = "results go to checkpoints/\(name)"
    lines.add("name: \(YAMLText.quoted(name))", table.guess == nil ? "<- \(folder)" : folder)
    switch kind {
    case .schedule: addSchedule(to: &lines)
    case .nightly: addNightly(to: &lines)
    case .study: addStudy(to: &lines)
    case .units: addUnits(to: &lines)
    case .dropoutPhases: addDropoutPhases(to: &lines)
    case .receptiveFields: addReceptiveFields(to: &lines)
    }
    return lines.text
  }

  private func addIntroduction(to lines: inout DraftLines) {
    let word = ShellWord.quoted(file)
    switch kind {
    case .schedule:
      lines.add("# Trains a network, prunes it to a tenth of its weights, and measures it.")
      lines.add("#   ecpipe validate \(word)    checks this file and the data")
      lines.add("#   ecpipe run \(word)")
    case .nightly:
      lines.add(
        "# A job of every night: tonight's network is trained from the one in service, pruned,")
      lines.add("# judged against it, and promoted or not.")
      lines.add("#   ecpipe run \(word) --nightly             one night")
      lines.add("#   ecpipe cron install \(word) --at 02:30   every night")
      lines.add("#   ecpipe history \(name)                   what was decided")
    case .study:
      lines.add("# Compares ways to prune, over seeds and ratios.")
      addComparison(word, to: &lines)
    case .units:
      lines.add("# Asks what a refit without training brings back after hidden units have gone.")
      addComparison(word, to: &lines)
    case .dropoutPhases:
      lines.add(
        "# Asks where networks learn, forget and cannot learn, by the dropout of training and")
      lines.add("# evaluation and the number of training samples.")
      addComparison(word, to: &lines)
    case .receptiveFields:
      lines.add("# Asks whether pruning in rounds leaves hidden units local fields of pixels.")
      addComparison(word, to: &lines)
    }
    lines.add(
      table.guess == nil
        ? "# Change the lines marked with <-." : "# Nothing has to be changed; everything can be.")
  }

  private func addComparison(_ word: String, to lines: inout DraftLines) {
    lines.add("#   ecpipe compare \(word)            (a reduced form first: --quick)")
  }

  // MARK: What all have

  /// - Parameter hasValidation: whether there are rows that training can end by.
  func addModel(to lines: inout DraftLines, hasValidation: Bool) {
    let network = network
    lines.add()
    lines.add(
      "model: {hidden: \(YAMLText.list(network.hidden.map(String.init)))}", network.hiddenReason)
    addTraining(to: &lines, hasValidation: hasValidation)
  }

  /// - Parameter hasValidation: whether there are rows that training can end by.
  func addTraining(to lines: inout DraftLines, hasValidation: Bool) {
    let network = network
    lines.add()
    lines.add("training:")
    lines.add("  batch: \(network.batch)", network.trainingReason)
    lines.add(
      "  optimizer: {adamw: {weight_decay: 0.1}}", "so that rows are not learnt by heart")
    if hasValidation {
      lines.add(
        "  early_stop: {patience: 5}",
        "a stage ends after 5 epochs without gain on the validation part; its best one counts")
    }
  }

  /// Adds the stage that prunes, by day and by night.
  func addPruning(to lines: inout DraftLines) {
    lines.add("  - alternate:", "prune a bit, fine-tune, 18 times; then fine-tune at length")
    lines.add("      sparsity: {to: 0.9}", "90 % of all weights are gone in the end")
    if let rate = network.tuningRate {
      lines.add(
        "      finetune: {optimizer: {adamw: {learning_rate: \(rate), weight_decay: 0.1}}}",
        network.tuningReason)
    }
  }

  // MARK: A schedule

  private func addSchedule(to lines: inout DraftLines) {
    let network = network
    lines.add()
    let split = "{validation: \(network.validation), test: \(network.test)}"
    table.addData(
      to: &lines, split: split, "shares of the rows; the rest is for training")
    addModel(to: &lines, hasValidation: true)
    lines.add()
    lines.add("stages:")
    lines.add("  - train: {epochs: \(network.epochs)}")
    lines.add("  - evaluate: {part: test}")
    addPruning(to: &lines)
    lines.add("  - evaluate: {part: test}")
    lines.add("  # - export: {onnx: \(name).onnx}", "or safetensors, or c: take the # away")
  }
}
