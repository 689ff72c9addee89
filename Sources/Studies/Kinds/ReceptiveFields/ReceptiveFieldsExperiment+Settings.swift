import Schedules
import Storage

extension ReceptiveFieldsExperiment {
  package static func check(
    _ datasets: [Placed<DataSettings>], _ models: [Placed<ModelSettings>]
  ) {
    for data in datasets {
      if data.value.image == nil {
        data.field.report(
          .impossible(
            "the key image is missing: a study of receptive_fields measures how far pixels lie apart, so it has to "
              + "know how many rows and columns of them the inputs are, such as image: [28, 28]"))
      }
      if data.value.task != .classification {
        data["task"].report(
          .impossible(
            "a study of receptive_fields tells images by their classes; take data for classification"
          ))
      }
    }
    for model in models { model.demandBeginning(of: kind) }
  }

  package static func block(in context: StageContext) -> Block<ReceptiveFieldsExperiment> {
    typealias Item<Value> = Part<ReceptiveFieldsExperiment, Value>
    let train: Item<TrainSettings> = .setting(
      "train", \.train,
      .block(TrainSettings.block("receptive_fields train", recovers: false, in: context)),
      "The training of round 0; in later rounds it goes on from the early weights.")
    let inputs: Item<[FieldInputs]> = .setting(
      "inputs", \.inputs, Form.word("inputs").several("inputs"), default: FieldInputs.allCases,
      "What networks are trained on: images as they are, Gaussian inputs with the mean and the covariance of each "
        + "class, and images with all pixels in another order.")
    let criteria: Item<[FieldCriterion]> = .setting(
      "criteria", \.criteria, Form.word("criterion").several("criteria"),
      default: FieldCriterion.allCases,
      "By what weights are ranked: all of them on the first inputs, the first of them on the others."
    )
    return Block(
      "receptive fields", summary, train,
      .setting(
        "rewind", \.rewind, .integer(0...TrainSettings.maximumEpochs), default: 1,
        "After how many epochs of train weights are kept that survivors go back to."),
      .setting("rounds", \.rounds, .integer(1...100), default: 10, "How often is pruned."),
      .setting(
        "prune", \.share, .number(.openUnit), default: 0.3,
        "The share of the weights left that goes in each round, over all layers."),
      inputs, criteria,
      .setting(
        "samples", \.samples, .integer(2...1_000_000), default: 2_000,
        "Samples of the training part that kurtoses are measured on."),
      check: { keys, train, rewind, _, _, _, _, _ in
        if train?.options.earlyStop != nil {
          let place = ["train", "training"].lazy.compactMap { keys[$0]?.member("early_stop") }.first
          place?.report(
            RelationFault.notForTask(
              "early_stop", task: "a study of receptive_fields, whose rounds train as long"))
        }
        if let train, let rewind, rewind >= train.epochs,
          let place = keys["rewind"] ?? keys["train"]
        {
          place.report(
            .outOfRange("\(rewind)", allowed: "numbers below \(train.epochs), the epochs of train"))
        }
      },
      make: {
        ReceptiveFieldsExperiment(
          train: $0, rewind: $1, rounds: $2, share: $3, inputs: $4, criteria: $5, samples: $6)
      })
  }
}
