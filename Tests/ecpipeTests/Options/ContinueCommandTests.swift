import Testing
import ecpipe

@Suite("The command that goes on")
struct ContinueCommandTests {
  @Test(
    "is the same, without what must not happen again, as a shell takes it",
    arguments: [
      (["ecpipe", "run", "a.yaml"], "ecpipe run a.yaml"),
      ([".build/release/ecpipe", "run", "a.yaml", "--fresh"], ".build/release/ecpipe run a.yaml"),
      (["ecpipe", "run", "--from", "train", "a.yaml"], "ecpipe run a.yaml"),
      (["ecpipe", "run", "--from=train", "a.yaml"], "ecpipe run a.yaml"),
      (
        ["ecpipe", "run", "a.yaml", "--until", "train", "--threads", "2"],
        "ecpipe run a.yaml --until train --threads 2"
      ),
      (["ecpipe", "run", "my data/a.yaml"], "ecpipe run 'my data/a.yaml'"),
      (["ecpipe", "run", "it's.yaml"], #"ecpipe run 'it'\''s.yaml'"#),
      (["ecpipe", "run", "größe.yaml"], "ecpipe run 'größe.yaml'"),
      (["ecpipe", "run", "$HOME/a.yaml", ""], "ecpipe run '$HOME/a.yaml' ''"),
      (
        ["ecpipe", "run", "a.yaml", "--set", "model.hidden=[3, 4]"],
        "ecpipe run a.yaml --set 'model.hidden=[3, 4]'"
      ),
    ])
  func text(arguments: [String], expected: String) {
    #expect(ContinueCommand.text(of: arguments) == expected)
  }

  @Test("words that were left out are added")
  func added() {
    #expect(
      ContinueCommand.text(of: ["ecpipe", "resume"], adding: ["checkpoints/my run"])
        == "ecpipe resume 'checkpoints/my run'")
  }
}
