import Foundation
import Pipeline
import Testing

@Suite("The studies that come along")
struct StudyPipelinesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("pipelines")

  @Test(
    "are right in both forms", arguments: ["study-mnist", "study-diffusion-sorption"],
    [false, true])
  func decode(name: String, quick: Bool) throws {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name + ".yaml"))
    let study = try StudySettings(
      [UInt8](bytes), file: name + ".yaml", quick: quick, environment: { _ in nil })
    #expect(study.name == name)
    #expect(study.baselines == [.unpruned, .narrower])
    #expect(quick || study.seeds.count == 5)
    #expect(quick || study.methods[0].ratios.count == 10)
  }
}
