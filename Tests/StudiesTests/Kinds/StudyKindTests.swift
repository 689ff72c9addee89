import RunFixtures
import Storage
import Studies
import Testing

@Suite("Kinds of study")
struct StudyKindTests {
  private func problems(_ text: String) -> String {
    do {
      _ = try StudyFixture.settings(text)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("a study that does not say its kind compares ways to prune")
  func pruning() throws {
    #expect(try StudyFixture.settings(StudyFixture.text).kind == .pruning)
    let stated = try StudyFixture.settings("kind: pruning\n" + StudyFixture.text)
    #expect(stated == (try StudyFixture.settings(StudyFixture.text)))
  }

  @Test("a kind that there is not is told, with those that there are")
  func unknown() {
    let text = problems("kind: unit\n" + StudyFixture.text)
    #expect(text.contains("unit") && text.contains("units") && text.contains("pruning"))
  }

  @Test("a kind takes its own keys, and all that is wrong is told at once")
  func keys() {
    let text = problems(
      UnitsFixture.text.replacing("ratios: [0.4, 0.7]", with: "ratios: [0.4, 1.5]")
        + "\ncriteria: [ec]\nfinetune: {epochs: 2}")
    for part in ["criteria", "finetune", "ratios"] { #expect(text.contains(part)) }
    let missing = problems(UnitsFixture.text.replacing("ratios: [0.4, 0.7]\n", with: ""))
    #expect(missing.contains("ratios"))
  }

  @Test("the short form cannot be of another kind")
  func quick() {
    let text = problems(
      UnitsFixture.text.replacing("quick: {", with: "quick: {kind: pruning, "))
    #expect(text.contains("kind"))
  }

  @Test("a document with a kind is a study", arguments: StudyKind.allCases)
  func document(kind: StudyKind) throws {
    let fixture = try StudyFixture("kind: \(kind.rawValue)\nname: small\n")
    #expect(DocumentKind(path: fixture.folder.file("s.yaml")) == .study)
  }

  @Test("columns of a kind have different names", arguments: StudyKind.allCases)
  func columns(kind: StudyKind) {
    guard let experiment = kind.experiment else { return }
    let names = ["dataset", "model", "seed", "seconds"] + experiment.columns + experiment.measures
    #expect(Set(names).count == names.count)
    #expect(experiment.kind == kind)
  }
}
