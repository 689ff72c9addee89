import Foundation
import RunFixtures
import Schedules
import Storage
import Studies
import Testing

@Suite("Studies of receptive fields") struct ReceptiveFieldsExperimentTests {
  private let text = """
    version: 1
    kind: receptive_fields
    name: fields
    data:
      generate: {edges: {side: 4, shapes: 2, samples: 40}}
      task: classification
      split: {test: 10}
    model: {hidden: [5]}
    train: {epochs: 3}
    rounds: 4
    prune: 0.5
    seeds: 2
    """

  private func settings(_ text: String) throws -> StudySettings {
    try StudySettings(Array(text.utf8), file: "s.yaml", quick: false, environment: { _ in nil })
  }

  private func experiment(_ text: String) throws -> ReceptiveFieldsExperiment {
    try #require(try settings(text).experiment?.value as? ReceptiveFieldsExperiment)
  }

  @Test("have defaults for all but the training")
  func defaults() throws {
    let own = try experiment(
      text.replacing("rounds: 4\n", with: "").replacing("prune: 0.5\n", with: ""))
    #expect(own.rounds == 10 && own.share == 0.3 && own.rewind == 1 && own.samples == 2_000)
    #expect(own.inputs == [.images, .gaussian, .permuted])
    #expect(own.criteria == [.magnitude, .ec, .random])
    #expect(own.train.epochs == 3)
  }

  @Test("leave the stated share in every round, and one weight at least")
  func counts() throws {
    let own = try experiment(text)
    #expect(own.counts(of: 90) == [90, 45, 23, 12, 6])
    #expect(own.counts(of: 2) == [2, 1, 1, 1, 1])
  }

  @Test("rewind to before the end of the training")
  func rewind() {
    for line in ["rewind: 3", "rewind: 7"] {
      do {
        _ = try settings(text + "\n" + line)
        Issue.record("\(line) is too late")
      } catch {
        #expect("\(error)".contains("numbers below 3, the epochs of train"))
      }
    }
  }

  @Test(
    "are refused with place and reason",
    arguments: [
      // 90 weights: 45, 23, 12, 6, 3, 2, 1, and each of two layers keeps one.
      ("rounds: 4", "rounds: 7", "s.yaml:10:9: rounds: round 7 of 16-5-2, with 2 weights left"),
      // 0.02 of 90 is less than one half of a weight from 25 weights on.
      ("rounds: 4\nprune: 0.5", "rounds: 100\nprune: 0.02", "would remove none; take fewer rounds"),
      (
        "split: {test: 10}", "split: {test: 10}\n  image: [2, 7]",
        "s.yaml:8:10: data.image: [2, 7] is 14 pixels, and the data have 16 inputs"
      ),
    ])
  func impossible(old: String, new: String, expected: String) throws {
    let fixture = try StudyFixture(text.replacing(old, with: new))
    let error = try #require(throws: ScheduleError.self) { try fixture.run() }
    #expect("\(error)".contains(expected), "\(error)")
  }

  @Test("train as long in every round")
  func earlyStop() throws {
    let error = try #require(throws: ScheduleError.self) {
      try settings(
        text.replacing("{epochs: 3}", with: "{epochs: 3, early_stop: {patience: 1}}")
          .replacing("{test: 10}", with: "{validation: 5, test: 10}"))
    }
    #expect(
      "\(error)".contains("train.early_stop: early_stop is not for a study of receptive_fields"))
  }

  @Test("need an image, and classes, where data are from files")
  func images() throws {
    let table = text.replacing(
      "name: fields\ndata:\n  generate: {edges: {side: 4, shapes: 2, samples: 40}}\n  task: classification",
      with: "name: fields\ndata:\n  csv: data.csv\n  task: regression")
    let error = try #require(throws: ScheduleError.self) { try settings(table) }
    #expect(error.problems.map(\.path) == ["data", "data.task"])
    #expect(error.problems.map(\.position.line) == [5, 6])
    #expect("\(error)".contains("image: [28, 28]"))
  }

  /// The rows of all cells of a study of one round of two criteria and one control.
  private func rows(threads: Int) throws -> [[JSONObject]] {
    let text = text.replacing("rounds: 4", with: "rounds: 2\ncriteria: [magnitude, random]")
      .replacing("seeds: 2", with: "seeds: 1\ninputs: [images, gaussian]\nsamples: 20")
    let outcome = try StudyFixture(text).run(threads: threads).outcome
    #expect(outcome.measured == 3)
    return outcome.table.rows.map(\.result.rows)
  }

  @Test(
    "have a row a round, with masks that lose what is pruned, the same on any number of threads")
  func measured() throws {
    let all = try rows(threads: 1)
    #expect(try rows(threads: 3) == all)
    for rows in all {
      #expect(rows.map { $0["round"]?.intValue } == [0, 1, 2])
      // 16 · 5 + 5 · 2 = 90 weights, and half of what is left goes twice.
      let left = rows.compactMap { $0["sparsity"]?.doubleValue }.map { ($0 * 90).rounded() }
      #expect(left == [0, 45, 67])
      #expect(rows[0]["first_density"]?.doubleValue == 1)
      #expect(rows[1]["raising_removed"]?.doubleValue != nil)
      #expect(rows[2]["raising_removed"] == .null)
      let masks = try rows.map { row in
        try #require(row["masks"]?.arrayValue).map { mask in
          FieldPictures.bits(mask["pixels"]?.stringValue ?? "", count: 16) ?? []
        }
      }
      #expect(masks[0].allSatisfy { $0 == Array(repeating: true, count: 16) })
      // What is read in a round was read in the one before.
      for (later, earlier) in zip(masks[2], masks[1]) {
        #expect(zip(later, earlier).allSatisfy { !$0 || $1 })
      }
    }
  }

  @Test("that come along are right in both forms", arguments: [false, true])
  func pipeline(quick: Bool) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let bytes = try Data(
      contentsOf: folder.appendingPathComponent("pipelines/study-receptive-fields.yaml"))
    let study = try StudySettings(
      Array(bytes), file: "study-receptive-fields.yaml", quick: quick, environment: { _ in nil })
    #expect(study.name == "study-receptive-fields" && study.kind == .receptiveFields)
    #expect(study.datasets.allSatisfy { $0.data.image != nil })
    #expect(study.datasets.count == (quick ? 1 : 2))
  }
}
