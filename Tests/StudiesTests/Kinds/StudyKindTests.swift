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

  @Test("a study of another kind that does not say so is told which it is, and nothing else")
  func unsaid() throws {
    for (text, kind, key, line) in [
      (UnitsFixture.text, "units", "sample_shares", 10),
      (DropoutPhasesFixture.text, "dropout_phases", "train_rates", 8),
    ] {
      let said = problems(text.replacing("kind: \(kind)\n", with: ""))
      #expect(said.hasPrefix("s.yaml:\(line):1: \(key): "), "\(said)")
      #expect(said.hasSuffix("add the line kind: \(kind)") && !said.contains("\n"), "\(said)")
    }
    // What is wrong in a study of ways to prune is told as before.
    #expect(problems(StudyFixture.text + "\ndraws: 5").contains("unknown key \"draws\""))
  }

  @Test("an unknown kind is guessed by its letters, else by the keys")
  func guessed() {
    let text = DropoutPhasesFixture.text
    for word in ["dropout_phase", "nonsense"] {
      let said = problems(text.replacing("kind: dropout_phases", with: "kind: \(word)"))
      #expect(said.contains("did you mean \"dropout_phases\"?"), "\(said)")
    }
  }

  @Test("a document without stages and with keys that only studies have is a study")
  func documentWithoutKind() throws {
    let study = try StudyFixture("version: 1\nname: small\ntrain_sizes: [1, 2, 3, 4]\n")
    #expect(DocumentKind(path: study.folder.file("s.yaml")) == .study)
    let neither = try StudyFixture("version: 1\nname: small\ntrain: {epochs: 3}\n")
    #expect(DocumentKind(path: neither.folder.file("s.yaml")) == nil)
  }

  @Test("columns of a kind have different names", arguments: StudyKind.allCases)
  func columns(kind: StudyKind) {
    guard let experiment = kind.experiment else { return }
    let names = ["dataset", "model", "seed", "seconds"] + experiment.columns + experiment.measures
    #expect(Set(names).count == names.count)
    #expect(experiment.kind == kind)
  }
}
