import TestSupport
import Testing

@Suite("ecpipe explain") struct ExplainCommandTests {
  @Test("tells what a key means, what may stand there and what holds without it")
  func key() throws {
    try Workplace.with { place in
      let one = try place.run("explain", "early_stop")
      #expect(one.code == 0 && one.output.hasPrefix("training.early_stop\n"))
      #expect(one.output.contains("allowed: none") && one.output.contains("without it: none"))
      #expect(one.output.contains("  patience\n") && one.output.contains("also: "))
      let path = try place.run("explain", "alternate.sparsity.to")
      #expect(path.output.hasPrefix("stages.alternate.sparsity.to\n"))
      let kind = try place.run("explain", "prune")
      #expect(kind.code == 0 && kind.output.contains("stages.prune"))
      // Words of a choice: not they, but their settings have to be there.
      #expect(kind.output.contains("\n  without settings: an error\n"))
      #expect(
        try place.run("explain", "stages.shrink").output.contains(
          "\n  without settings: an error; write {} where none of them is set\n"))
      #expect(
        try place.run("explain", "adam").output.contains("\n  without settings: its defaults\n"))
      let all = try place.run("explain")
      #expect(all.output.hasPrefix("version\n") && all.output.contains("\nstages\n"))
      #expect(try place.run("explain", "ratios", "--study").code == 0)
      let ratios = try place.run("explain", "quick.ratios")
      #expect(
        ratios.output.hasPrefix(
          "of a study with kind: pruning, which ecpipe compare takes:\n\nquick.ratios\n"))
      let baselines = try place.run("explain", "quick.baselines")
      #expect(
        baselines.output.hasPrefix("of a study, which ecpipe compare takes:\n\nquick.baselines\n"))
      let whole = try place.run("explain", "stages[3].alternate.finish.early_stop.patience")
      #expect(whole.output.hasPrefix("stages.alternate.finish.early_stop.patience\n"))
    }
  }

  @Test("tells what a key means in studies of each kind")
  func kinds() throws {
    try Workplace.with { place in
      for (key, kinds) in [
        ("samples", ["pruning", "receptive_fields"]),
        ("ratios", ["pruning", "units"]), ("rounds", ["pruning", "receptive_fields"]),
        ("criteria", ["pruning", "receptive_fields"]), ("inputs", ["receptive_fields"]),
        ("epochs", ["units"]), ("step", ["units"]), ("train_sizes", ["dropout_phases"]),
      ] {
        let output = try place.run("explain", key, "--study").output
        for kind in kinds {
          let head = "of a study with kind: \(kind), which ecpipe compare takes:\n\n"
          let parts = output.components(separatedBy: head)
          #expect(parts.count == 2, "\(key) of \(kind): \(output)")
          #expect(parts.last?.contains("\n  without it: ") == true)
        }
      }
      // Keys at the top, those of kinds behind those that all have.
      let all = try place.run("explain", "--study").output
      let own = all.components(separatedBy: "of a study with kind: dropout_phases, ").last
      #expect(own?.contains("\ntrain_rates\n") == true && all.hasPrefix("version\n"))
      #expect(all.components(separatedBy: "\nseeds\n").count == 2)
    }
  }

  @Test("an unknown key is exit code 64, with the nearest one")
  func unknown() throws {
    try Workplace.with { place in
      let outcome = try place.run("explain", "earlystop")
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains("did you mean early_stop?"))
      let inside = try place.run("explain", "stages.train.epoch")
      #expect(inside.code == 64)
      #expect(
        inside.errors.hasPrefix(
          "ecpipe: stages.train: unknown key \"epoch\"; did you mean \"epochs\"? Allowed: "))
    }
  }
}
