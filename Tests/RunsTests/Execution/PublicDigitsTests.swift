import Foundation
import NumericCore
import Runs
import Storage
import TestSupport
import Testing

/// pipelines/mnist10k.yaml on the public files, where somebody has put them beside the repository.
@Suite("mnist10k.yaml") struct PublicDigitsTests {
  private static let repository: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("pipelines").path) {
        break
      }
    }
    return folder
  }()
  private static let data = repository.deletingLastPathComponent()
    .appendingPathComponent("shared/data/mnist10k").path
  private static var hasData: Bool {
    FilePaths.exists(data + "/t10k-images-idx3-ubyte.gz")
      && FilePaths.exists(data + "/t10k-labels-idx1-ubyte.gz")
  }

  private func options(_ folder: TemporaryFolder) -> RunSession.Options {
    var options = RunSession.Options(
      checkpoints: folder.path, surroundings: .still, continueCommand: "")
    options.surroundings.environment = { $0 == "MNIST10K" ? PublicDigitsTests.data : nil }
    return options
  }

  private var schedule: String {
    PublicDigitsTests.repository.appendingPathComponent("pipelines/mnist10k.yaml").path
  }

  @Test(
    "the schedule is planned on its data: 7,000 / 1,000 / 2,000 digits, a 784-300-100-10 network",
    .enabled(if: hasData, "there is no ../shared/data/mnist10k beside the repository"))
  func plan() throws {
    let plan = try RunSession(schedulePath: schedule, options: options(TemporaryFolder()))
      .preview().plan
    #expect(plan.facts.trainingSamples == 7000)
    #expect(plan.facts.validationSamples == 1000)
    #expect(plan.facts.testSamples == 2000)
    #expect(plan.facts.classes == (0..<10).map { "\($0)" })
    #expect(plan.architecture.widths == [784, 300, 100, 10])
    #expect(plan.stages.count == 1 + 1 + 36 + 1 + 1)
    #expect(plan.stages.last?.weights == 266_200 - 260_876)
  }

  @Test(
    "a shorter version of it learns, prunes and fine-tunes",
    .enabled(if: hasData, "there is no ../shared/data/mnist10k beside the repository"))
  func run() throws {
    let folder = try TemporaryFolder()
    var options = options(folder)
    options.overrides = [
      "model.hidden=[16]", "training.optimizer={adam: {learning_rate: 0.01}}",
      "stages[0].train={epochs: 1}",
      "stages[2].alternate={rounds: 1, sparsity: {to: 0.5}, finetune: {epochs: 1}}",
    ]
    let outcome = try RunSession(schedulePath: schedule, options: options).run(
      pool: WorkerPool(threadCount: 2), events: { _ in }, isInterrupted: { false })
    let records = outcome.manifest.stages
    #expect(
      records.map(\.name) == [
        "train", "evaluate", "alternate/01/prune", "alternate/01/finetune", "evaluate-2",
      ])
    #expect(records.map(\.weights) == [12_704, 12_704, 6352, 6352, 6352])
    for index in [1, 4] {
      #expect(records[index].metrics[0].part == "test")
      // Chance is 0.1; a linear model on these digits reaches 0.89.
      #expect(try #require(records[index].metrics[0].metrics.accuracy) > 0.8)
    }
  }
}
