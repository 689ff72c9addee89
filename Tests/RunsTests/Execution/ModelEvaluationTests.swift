import Datasets
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("ModelEvaluation") struct ModelEvaluationTests {
  private let pool = WorkerPool(threadCount: 1)

  private func evaluation(_ fixture: RunFixture, _ stage: String) throws -> ModelEvaluation {
    ModelEvaluation(
      checkpoint: fixture.folder.file(try fixture.checkpoint(stage)), surroundings: .still)
  }

  @Test("a part of the run's own data gives what the run recorded")
  func ownData() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let records = try fixture.manifest.stages
    #expect(
      try evaluation(fixture, "train").metrics(on: .validation, pool: pool).metrics
        == records[0].metrics[0])
    #expect(
      try evaluation(fixture, "train").metrics(on: .test, pool: pool).metrics
        == records[1].metrics[0])
    // Through the link, and from a folder that was renamed.
    let moved = RunFolder(checkpoints: fixture.folder.file("runs"), name: "moved")
    try DurableFile.move(fixture.run.path, to: moved.path)
    let result = ModelEvaluation(checkpoint: moved.result, surroundings: .still)
    #expect(try result.metrics(on: .validation, pool: pool).metrics == records[5].metrics[0])
    #expect(!FilePaths.exists(fixture.run.path))
  }

  @Test("raw rows of another file give the same metrics as the part that has these rows")
  func otherData() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("split: {validation: 0.2, test: 0.2}", with: "split: {test: 0.2}")
        + "stages: [train: {epochs: 3}]")
    try fixture.run()
    let evaluation = try evaluation(fixture, "train")
    let train = try evaluation.metrics(on: .train, pool: pool).metrics.metrics
    let test = try evaluation.metrics(on: .test, pool: pool).metrics.metrics
    let all = try evaluation.metrics(
      on: .csv(fixture.folder.file("data.csv"), labels: [.last]), pool: pool
    ).metrics
    #expect(all.part == fixture.folder.file("data.csv"))
    let accuracy = try #require(all.metrics.accuracy)
    let parts = try (48 * #require(train.accuracy) + 12 * #require(test.accuracy)) / 60
    #expect(abs(accuracy - parts) < 1e-12)
    #expect(abs(all.metrics.loss - (48 * train.loss + 12 * test.loss) / 60) < 1e-6)
  }

  @Test("a file that the network was trained on is warned of, also a copy of it; others are not")
  func trainingFile() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    func warnings(_ file: String) throws -> [String] {
      var told: [Notice] = []
      _ = try evaluation(fixture, "train").metrics(
        on: .csv(fixture.folder.file(file), labels: [.last]), pool: pool, tell: { told.append($0) })
      return told.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }
    try fixture.folder.write(fixture.folder.read("data.csv"), to: "copy.csv")
    try fixture.folder.write(RunFixture.table(seed: 2), to: "new.csv")
    for file in ["data.csv", "copy.csv"] {
      #expect(try warnings(file).count == 1)
      #expect(
        try warnings(file)[0].hasPrefix("\(fixture.folder.file(file)): the network was trained on ")
      )
    }
    #expect(try warnings("new.csv").isEmpty)
  }

  @Test("of parts with files of their own the training part's is warned of alone")
  func trainingPart() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing(
        "{csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}, scale: standard}",
        with:
          "{train: {csv: data.csv}, test: {csv: test.csv}, task: classification, scale: standard}")
        + "stages: [train: {epochs: 1}]\n")
    try fixture.folder.write(RunFixture.table(seed: 2), to: "test.csv")
    try fixture.run()
    for (file, count) in [("data.csv", 1), ("test.csv", 0)] {
      var told: [Notice] = []
      _ = try evaluation(fixture, "train").metrics(
        on: .csv(fixture.folder.file(file), labels: [.last]), pool: pool, tell: { told.append($0) })
      #expect(told.count(where: \.isWarning) == count)
    }
  }

  @Test("what cannot be measured is said")
  func failures() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("split: {validation: 0.2, test: 0.2}", with: "split: {test: 0.2}")
        + "stages: [train: {epochs: 1}]")
    try fixture.run()
    let evaluation = try evaluation(fixture, "train")
    #expect(
      throws: RunFailure.invalid(
        "\(fixture.folder.file("tiny.yaml")): data: there is no validation part; use --part train, "
          + "or a split")
    ) { try evaluation.metrics(on: .validation, pool: pool) }
    try fixture.folder.write("1,2,class0\n3,4,class1\n", to: "narrow.csv")
    let text = fixture.folder.file("narrow.csv")
    let table = try #require(throws: RunFailure.self) {
      try ModelEvaluation(checkpoint: text, surroundings: .still).metrics(on: .test, pool: pool)
    }
    #expect("\(table)".hasPrefix("\(text): this is text, no model; name "))
    let narrow = try #require(throws: DatasetError.self) {
      try evaluation.metrics(
        on: .csv(
          fixture.folder.file("narrow.csv"), labels: [.last], format: CSVFormat(header: false)),
        pool: pool)
    }
    #expect("\(narrow)".contains("narrow.csv: 2 columns, and the model has 5 inputs"))
    try fixture.folder.write(RunFixture.table(seed: 5), to: "data.csv")
    let changed = try #require(throws: RunFailure.self) {
      try evaluation.metrics(on: .test, pool: pool)
    }
    #expect("\(changed)".contains("the data of its run have changed since"))
    let name = fixture.folder.file("alone.safetensors")
    try DurableFile.write(fixture.folder.read(fixture.checkpoint("train")), to: name)
    let alone = ModelEvaluation(checkpoint: name, surroundings: .still)
    let failure = try #require(throws: RunFailure.self) { try alone.metrics(on: .test, pool: pool) }
    #expect("\(failure)".contains("it lies in no run's folder"))
  }
}
