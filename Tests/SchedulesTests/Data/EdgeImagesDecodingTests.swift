import Datasets
import Schedules
import Storage
import Testing

@Suite("Settings of images with sharp edges") struct EdgeImagesDecodingTests {
  private func data(_ data: String) throws -> DataSettings {
    try ScheduleText.decode(ScheduleText.of(data: data)).data
  }

  @Test("the word alone is the defaults")
  func standard() throws {
    let data = try data("generate: edges, task: classification")
    #expect(data.train == .generated(.edges(EdgeImages())))
    #expect(data.image == ImageShape(rows: 16, columns: 16))
  }

  @Test("every setting")
  func all() throws {
    let data = try data(
      "generate: {edges: {side: 9, classes: 4, shapes: 3, samples: 50, seed: 7}}, task: classification"
    )
    let images = EdgeImages(side: 9, classes: 4, shapes: 3, samples: 50, seed: 7)
    #expect(data.train == .generated(.edges(images)))
    #expect(data.canonical.canonical.contains(#""generator":"edges""#))
  }

  @Test("a shape that is stated holds in place of the source's")
  func image() throws {
    let data = try data("generate: edges, task: classification, image: [8, 32]")
    #expect(data.image == ImageShape(rows: 8, columns: 32))
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      generate: edges, task: regression
      > 3:18: data.generate: generate: edges is not for regression; remove it

      generate: {edges: {side: 3, classes: 1}}, task: classification
      > 3:33: data.generate.edges.side: 3 is out of range; allowed: whole numbers from 4 to 256
      > 3:45: data.generate.edges.classes: 1 is out of range; allowed: whole numbers from 2 to 16

      generate: {edges: {side: 256, samples: 1000000}}, task: classification
      > 3:18: data.generate: 65536000000 pixels is out of range; allowed: at most 2147483648 \
      (samples x side x side); take fewer of them
      """))
  func wrong(example: ProblemCase) {
    #expect(ScheduleText.problems(ScheduleText.of(data: example.yaml)) == example.problems)
  }
}
