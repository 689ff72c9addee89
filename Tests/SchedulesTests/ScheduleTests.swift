import Foundation
import Runs
import Schedules
import Storage
import Testing

@Suite("Schedule") struct ScheduleTests {
  private func pipeline(_ name: String) throws -> RunSchedule {
    let path = ScheduleText.pipelines.appendingPathComponent(name).path
    return try RunScheduleFile(path: path, environment: { _ in nil }).schedule
  }

  @Test("every file in pipelines decodes, and its run has the file's name")
  func pipelines() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: ScheduleText.pipelines.path)
      .filter { $0.hasSuffix(".yaml") }
    // Studies, which begin so, are decoded by StudyPipelinesTests.
    let studies = names.filter { $0.hasPrefix("study-") }
    #expect(
      studies.sorted() == [
        "study-diffusion-sorption.yaml", "study-dropout-phases.yaml", "study-mnist.yaml",
        "study-policies-rounds.yaml", "study-policies.yaml", "study-receptive-fields.yaml",
        "study-strongest.yaml", "study-units.yaml",
      ])
    #expect(
      Set(names).isSuperset(of: [
        "diffusion-sorption.yaml", "digits.yaml", "mnist.yaml", "mnist10k.yaml",
      ]))
    for name in names where !studies.contains(name) {
      #expect(try pipeline(name).name + ".yaml" == name)
    }
  }

  @Test("a schedule of digits with its defaults written out")
  func digits() throws {
    let folder = ScheduleText.pipelines.deletingLastPathComponent()
      .appendingPathComponent("Tests/SchedulesTests/Golden")
    let expected = try String(
      contentsOf: folder.appendingPathComponent("digits.json"), encoding: .utf8)
    let path = folder.appendingPathComponent("digits.yaml").path
    let schedule = try RunScheduleFile(path: path, environment: { _ in nil }).schedule
    #expect(schedule.json.readable + "\n" == expected)
  }

  @Test("a minimal schedule has every default")
  func minimal() throws {
    let schedule = try ScheduleText.decode(
      """
      version: 1
      name: minimal
      data: {csv: a.csv, task: regression}
      model: {hidden: []}
      stages: [train: {epochs: 1}]
      """)
    #expect(
      schedule.json.canonical == """
        {"checkpoints":{"delta":false,"every":"60s","keep":"all","level":9,"moments":"drop"},\
        "data":{"scale":"none","scale_targets":"none","task":"regression","test":null,\
        "train":{"csv":{"categorical":null,"decimal":null,"delimiter":null,"file":"a.csv",\
        "header":null,"ignore":[],"inputs":null,"label":null,"missing":"error"}},\
        "validation":null},\
        "model":{"activation":"relu","hidden":[],"initialization":"fan_in_uniform"},\
        "name":"minimal","seed":0,\
        "stages":[{"train":{"batch":64,"clip":null,"continue_optimizer":false,\
        "decay":{"constant":{"warmup_steps":0}},"early_stop":null,"epochs":1,"loss":"mse",\
        "optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"learning_rate":0.001,\
        "weight_decay":0.0}}}}],\
        "training":{"batch":64,"clip":null,"decay":{"constant":{"warmup_steps":0}},\
        "early_stop":null,"loss":"mse","optimizer":{"adam":{"beta1":0.9,"beta2":0.999,\
        "epsilon":1e-08,"learning_rate":0.001,"weight_decay":0.0}}},"version":1}
        """)
  }

  @Test("everything that is wrong is reported at once, in the order of the file")
  func everything() {
    let problems = ScheduleText.problems(
      """
      version: 2
      nmae: x
      data: {csv: a.csv, label: last, task: clasification, split: {test: 90}}
      model: {hidden: [300, 0], activation: rulu}
      training: {batch: many, optimizer: {adam: {learning_rate: -1}}}
      stages:
        - trian: {epochs: 15}
        - alternate:
            rounds: 0
            sparsity: {to: 90, curve: cubik}
            prune: {criterion: ec, metric: fischer}
            budget: {policy: global, layers: {outptu: {keep: yes}}}
            finetune: {epoch: 4}
        - evaluate: {part: validation}
      """)
    #expect(
      problems == [
        "s.yaml:1:10: version: 2 is out of range; allowed: 1, the only version of the grammar "
          + "so far",
        "s.yaml:2:1: nmae: unknown key \"nmae\"; did you mean \"name\"? Allowed: version, name, "
          + "seed, "
          + "data, model, training, stages, checkpoints, nightly, log",
        "s.yaml:3:39: data.task: unknown task \"clasification\"; did you mean \"classification\"? "
          + "Allowed: classification, regression",
        "s.yaml:4:23: model.hidden[1]: 0 is out of range; allowed: whole numbers from 1 to 1000000",
        "s.yaml:4:39: model.activation: unknown activation \"rulu\"; did you mean \"relu\"? "
          + "Allowed: "
          + "identity, relu, leaky_relu, prelu, tanh, sigmoid, gelu, silu, softplus",
        "s.yaml:5:19: training.batch: expected a whole number, found the text \"many\"",
        "s.yaml:5:59: training.optimizer.adam.learning_rate: -1 is out of range; allowed: numbers "
          + "above 0",
        "s.yaml:7:5: stages[0]: unknown stage \"trian\"; did you mean \"train\"? Allowed: "
          + "train, prune, "
          + "finetune, alternate, rewind, shrink, evaluate, export",
        "s.yaml:9:15: stages[1].alternate.rounds: 0 is out of range; allowed: whole numbers "
          + "from 1 to "
          + "10000",
        "s.yaml:10:22: stages[1].alternate.sparsity.to: 90 is not a sparsity: it is the fraction "
          + "removed, at least 0 and below 1; did you mean 0.9?",
        "s.yaml:10:33: stages[1].alternate.sparsity.curve: unknown curve \"cubik\"; did you mean "
          + "\"cubic\"? Allowed: one_shot, linear, cubic, exponential, cosine",
        "s.yaml:11:38: stages[1].alternate.prune.metric: unknown metric \"fischer\"; did you mean "
          + "\"fisher\"? Allowed: output, fisher, none",
        "s.yaml:12:41: stages[1].alternate.budget.layers.outptu: no layer is called \"outptu\"; "
          + "did you "
          + "mean \"output\"? Allowed: hidden1, hidden2, output, and patterns such as hidden*",
        "s.yaml:12:56: stages[1].alternate.budget.layers.outptu.keep: expected true or false, "
          + "found "
          + "the text \"yes\"",
        "s.yaml:13:18: stages[1].alternate.finetune.epoch: unknown key \"epoch\"; did you mean "
          + "\"epochs\"? Allowed: epochs, batch, loss, label_smoothing, optimizer, decay, clip, "
          + "early_stop",
      ])
  }

  @Test(
    "what is missing or unusable at the top is reported",
    arguments: [
      ("name: small\n", "", "1:1: the key \"name\" is missing"),
      ("version: 1\n", "", "1:1: the key \"version\" is missing"),
      (
        "name: small", "name: small\nseed: 1.5",
        "3:7: seed: 1.5 is out of range; allowed: whole numbers from 0 to 9223372036854775807"
      ),
      (
        "name: small", "name: small\nseed: -1",
        "3:7: seed: -1 is out of range; allowed: whole numbers from 0 to 9223372036854775807"
      ),
      (
        "version: 1", "version: one",
        "1:10: version: expected a whole number, found the text \"one\""
      ),
      ("name: small", "name: ../x", "2:7: name: \"../x\" " + unusable),
      ("name: small", "name: .x", "2:7: name: \".x\" " + unusable),
      ("name: small", "name: -x", "2:7: name: \"-x\" " + unusable),
      ("name: small", "name: a b", "2:7: name: \"a b\" " + unusable),
      ("name: small", "name: a.lock", "2:7: name: \"a.lock\" " + unusable),
      ("name: small", "name: \"\"", "2:7: name: \"\" " + unusable),
      ("name: small", "name: \"a\\eb\"", "2:7: name: \"a\\u{1B}b\" " + unusable),
      (
        "name: small", "name: " + String(repeating: "a", count: 65),
        "2:7: name: \"" + String(repeating: "a", count: 60) + "…\" " + unusable
      ),
      ("name: small", "name: [x]", "2:7: name: expected a text, found a list"),
      ("name: small", "name:", "2:6: name: expected a text, found nothing"),
    ])
  func top(old: String, new: String, problem: String) {
    #expect(ScheduleText.problems(ScheduleText.small((old, new))) == ["s.yaml:" + problem])
  }

  private static let unusable =
    "cannot name the folder of a run; allowed: 1 to 64 bytes without blanks, slashes and "
    + "invisible characters, neither . nor - first, and no .lock at the end"

  @Test("an empty list of stages is an error, and so is none")
  func stages() {
    let head = ScheduleText.small.split(separator: "stages:")[0]
    #expect(
      ScheduleText.problems(head + "stages: []\n") == [
        "s.yaml:6:9: stages: the list is empty; it needs at least one stage"
      ])
    #expect(
      ScheduleText.problems(head + "stages:\n") == [
        "s.yaml:6:8: stages: expected a list of stages, found nothing"
      ])
  }

  @Test("comments, layout, names and checkpoint settings change no stage")
  func unchanged() throws {
    let schedule = try ScheduleText.decode(ScheduleText.small)
    for (old, new) in [
      ("name: small", "name: other"), ("version: 1", "# hello\n\nversion: 1  # first"),
      ("{epochs: 2}", "\n      epochs: 2"), ("{batch: 32}", "{\"batch\": 32}"),
      ("to: 0.5", "to: 5e-1"), ("to: 0.5", "metric: fisher, to: 0.50, budget: {policy: global}"),
      ("csv: a.csv", "csv: b.csv"), ("csv: a.csv", "csv: a.csv, delimiter: auto, scale: none"),
      ("stages:", "checkpoints: {level: 1, every: 5m, keep: all}\nstages:"),
      ("name: small", "name: small\nseed: 0"),
    ] {
      let other = try ScheduleText.decode(ScheduleText.small((old, new)))
      #expect(other.stages.map(\.canonical) == schedule.stages.map(\.canonical), "\(new)")
      #expect(other.stages == schedule.stages)
      #expect(other.data.canonical == schedule.data.canonical)
      #expect(other.model.canonical == schedule.model.canonical)
    }
  }

  @Test(
    "every setting changes the form that keys are made of",
    arguments: [
      ("{epochs: 2}", "{epochs: 3}"), ("{batch: 32}", "{batch: 33}"),
      ("{batch: 32}", "{batch: 32, label_smoothing: 0.1}"),
      ("{batch: 32}", "{batch: 32, optimizer: adamw}"),
      ("{batch: 32}", "{batch: 32, optimizer: {adam: {learning_rate: 0.002}}}"),
      ("{batch: 32}", "{batch: 32, optimizer: {adam: {beta1: 0.8}}}"),
      ("{batch: 32}", "{batch: 32, optimizer: {adam: {beta2: 0.99}}}"),
      ("{batch: 32}", "{batch: 32, optimizer: {adam: {epsilon: 1e-7}}}"),
      ("{batch: 32}", "{batch: 32, optimizer: {adam: {weight_decay: 0.1}}}"),
      ("{batch: 32}", "{batch: 32, optimizer: {sgd: {learning_rate: 0.001}}}"),
      ("{batch: 32}", "{batch: 32, decay: cosine}"),
      ("{batch: 32}", "{batch: 32, decay: {constant: {warmup_steps: 1}}}"),
      ("{batch: 32}", "{batch: 32, clip: {norm: 1}}"),
      ("{batch: 32}", "{batch: 32, early_stop: {patience: 2}}"),
      ("{batch: 32}", "{batch: 32, early_stop: {patience: 2, restore_best: false}}"),
      ("to: 0.5", "to: 0.51"), ("to: 0.5", "to: 0.5, metric: output"),
      ("to: 0.5", "to: 0.5, budget: {policy: uniform}"),
      ("to: 0.5", "to: 0.5, budget: {min_density: 0.1}"),
      ("to: 0.5", "to: 0.5, budget: {max_sparsity: 0.9}"),
      ("to: 0.5", "to: 0.5, budget: {layers: {output: {keep: true}}}"),
      ("to: 0.5", "to: 0.5, budget: {layers: {\"hidden*\": {min_density: 0.1}}}"),
      ("part: test", "part: validation"),
      ("csv: a.csv", "csv: a.csv, label: 0"), ("csv: a.csv", "csv: a.csv, label: \"last\""),
      ("csv: a.csv", "csv: a.csv, header: true"), ("csv: a.csv", "csv: a.csv, delimiter: tab"),
      ("csv: a.csv", "csv: a.csv, scale: unit"), ("test: 0.2", "test: 0.25"),
      ("test: 0.2", "test: 20"), ("csv: a.csv", "idx: {images: a, labels: b}"),
      ("hidden: [8, 4]", "hidden: [8, 5]"), ("hidden: [8, 4]", "hidden: [8, 4], activation: tanh"),
      ("hidden: [8, 4]", "hidden: [8, 4], initialization: orthogonal"),
    ])
  func changed(old: String, new: String) throws {
    func form(_ schedule: RunSchedule) -> [String] {
      schedule.stages.map(\.canonical.canonical)
        + [schedule.data.canonical.canonical, schedule.model.canonical.canonical]
    }
    let schedule = try ScheduleText.decode(ScheduleText.small)
    let other = try ScheduleText.decode(ScheduleText.small((old, new)))
    #expect(form(other) != form(schedule))
    #expect(other != schedule)
  }
}
