import Foundation
import Studies
import Testing

@Suite("The studies that come along")
struct StudyPipelinesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("pipelines")

  @Test(
    "are right in both forms", arguments: ["study-mnist", "study-diffusion-sorption"],
    [false, true])
  func criteria(name: String, quick: Bool) throws {
    let study = try decode(name, quick: quick)
    #expect(study.baselines == [.unpruned, .narrower])
    #expect(quick || study.seeds.count == 5)
    #expect(quick || study.methods[0].ratios.count == 10)
  }

  @Test("compare the policies, optimal with every other", arguments: [false, true])
  func policies(quick: Bool) throws {
    let study = try decode("study-policies", quick: quick)
    #expect(
      study.methods.map(\.budget.name) == [
        "optimal", "uniform", "global", "erk", "lamp", "sensitivity",
      ])
    #expect(study.methods.allSatisfy { $0.label == "ec" && $0.metric == .fisher })
    #expect(quick || study.seeds.count == 5)
    #expect(quick || study.methods[0].ratios.map(\.fraction) == [0.9, 0.95, 0.98])
  }

  @Test("compare the policies in rounds as well", arguments: [false, true])
  func policiesInRounds(quick: Bool) throws {
    let study = try decode("study-policies-rounds", quick: quick)
    #expect(
      study.methods.map(\.budget.name) == ["optimal", "global", "erk", "lamp"])
    #expect(study.rounds.count == (quick ? 2 : 4))
    #expect(quick || study.seeds.count == 5)
  }

  @Test("ask what a refit recovers of training", arguments: [false, true])
  func units(quick: Bool) throws {
    let study = try decode("study-units", quick: quick)
    #expect(study.kind == .units && study.methods.isEmpty)
    #expect(quick || study.seeds.count == 5)
    #expect(study.datasets.map(\.name) == [quick ? "study-units" : "mnist10k"])
  }

  private func decode(_ name: String, quick: Bool) throws -> StudySettings {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name + ".yaml"))
    let study = try StudySettings(
      [UInt8](bytes), file: name + ".yaml", quick: quick, environment: { _ in nil })
    #expect(study.name == name)
    return study
  }
}
