import Datasets
import Testing

@Suite("What guessing the largest class gives")
struct GuessAccuracyTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func parts(_ train: String, _ test: String, _ task: LearningTask) throws -> DataParts {
    func source(_ name: String, _ rows: String) throws -> DataSource {
      .csv(try folder.write(name, "x,label\n" + rows), labels: [.last])
    }
    return try DataRequest(
      train: source("train.csv", train), test: .source(source("test.csv", test)), task: task,
      seed: 0
    ).load()
  }

  @Test("is the share that the most frequent class of the training part has in the test part")
  func share() throws {
    // Two of three are b there, and one of five here.
    let parts = try parts("1,a\n2,b\n3,b\n", "1,a\n2,a\n3,a\n4,b\n5,a\n", .classification)
    #expect(parts.guessAccuracy == 0.2)
  }

  @Test("is nothing of numbers")
  func numbers() throws {
    #expect(try parts("1,2\n2,3\n", "1,2\n", .regression).guessAccuracy == nil)
  }
}
