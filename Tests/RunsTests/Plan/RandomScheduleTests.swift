import NeuralNetworks
import RunFixtures
import TestSupport
import Testing

/// Random schedules of valid settings: all of them can be planned, and the run does what is planned.
@Suite("Random schedules") struct RandomScheduleTests {
  @Test("plan and run agree, count by count", arguments: 0..<200 as Range<UInt64>)
  func agreement(seed: UInt64) throws {
    var draw = ScheduleDraw(seed: seed)
    let text = draw.schedule()
    let fixture = try RunFixture(text)
    let (plan, manifest, _) = try fixture.run()
    let records = manifest.recordsByKey
    for stage in plan.stages {
      let record = try #require(records[stage.key], "\(stage.name) of\n\(text)")
      #expect(record.weights == stage.weights, "\(stage.name) of\n\(text)")
      #expect(record.layers.reduce(0) { $0 + $1.weights } == stage.weights)
      if let layers = stage.layers {
        #expect(record.layers.map(\.weights) == layers, "\(stage.name) of\n\(text)")
      }
      #expect(
        zip(stage.bounds, record.layers).allSatisfy { $0.contains($1.weights) },
        "\(stage.name) of\n\(text)")
    }
    // Nothing is left to do, and planning again finds the same stages.
    #expect(try fixture.run().computed == 0)
    #expect(try fixture.session().preview().plan.stages.map(\.key) == plan.stages.map(\.key))
  }

  @Test("among the draws are all policies, curves, criteria and kinds of stages")
  func variety() {
    let all = (0..<200 as Range<UInt64>).map { seed in
      var draw = ScheduleDraw(seed: seed)
      return draw.schedule()
    }.joined()
    for word in ScheduleDraw.policies + ScheduleDraw.curves + ScheduleDraw.criteria + [
      "rewind:", "regrow:", "steps:", "samples:", "keep: true", "min_density:", "max_sparsity:",
      "least_squares", "evaluate:", "optimizer: continue", "ladder:", "accuracy_drop:",
      "loss_increase:", "confidence:", "until: recovered", "granularity: unit", "n_of_m:",
      "bytes:", "multiply_adds:", "milliseconds:",
    ] {
      #expect(all.contains(word), "\(word)")
    }
  }
}

/// Draws the text of one schedule for the data of `RunFixture`.
struct ScheduleDraw {
  static let policies = ["uniform", "global", "erk", "lamp", "manual", "sensitivity", "optimal"]
  static let curves = ["one_shot", "linear", "cubic", "exponential", "cosine", "fraction:", "["]
  static let criteria = ["ec", "magnitude", "taylor", "variance", "wanda", "obd", "random"]

  private var random: SeededGenerator
  /// Whether times are measured where that is drawn, which takes longer than all the rest of a run: a few of the
  /// draws tell as much.
  private let measures: Bool
  /// The sparsity reached so far, in hundredths.
  private var sparsity = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed &* 977 &+ 5)
    measures = seed < 20
  }

  private mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  private mutating func once(in count: Int) -> Bool { below(count) == 0 }

  private mutating func pick(_ words: [String]) -> String { words[below(words.count)] }

  /// A sparsity above the present one, at most 0.8, which all limits admit.
  private mutating func target() -> String {
    sparsity = min(80, sparsity + 5 + below(30))
    return "0.\(sparsity < 10 ? "0" : "")\(sparsity)"
  }

  mutating func schedule() -> String {
    var stages = ["train: {epochs: \(1 + below(2))}"]
    for _ in 0...below(3) where sparsity < 70 {
      // Groups are counted in a dense network.
      if sparsity == 0, once(in: 8) {
        stages.append(groups())
        continue
      }
      switch below(4) {
      case 3: stages.append(limited())
      case 0: stages.append("prune: {to: \(target()), \(criterion())}")
      case 1: stages.append(alternation())
      default:
        let goesOn = once(in: 2) ? ", optimizer: continue" : ""
        stages.append("finetune: {epochs: 1\(goesOn)}")
      }
      if once(in: 4) { stages.append("rewind: {to: train, epoch: \(below(2))}") }
      if once(in: 4) { stages.append("evaluate: {part: test}") }
    }
    let isTimed = once(in: 16)
    if isTimed || once(in: 3) {
      var end = [isTimed ? timed() : search()]
      if once(in: 2) { end.append("finetune: {epochs: 1}") }
      if once(in: 2) { end.append("evaluate: {part: test}") }
      if !isTimed || measures { stages += end }
    }
    return RunFixture.head + "stages:\n" + stages.map { "  - \($0)\n" }.joined()
  }

  private mutating func alternation() -> String {
    let rounds = 1 + below(3)
    let start = sparsity
    let target = target()
    let curve: String
    switch below(7) {
    case 0: curve = "rounds: \(rounds), sparsity: {to: \(target), curve: one_shot}"
    case 1: curve = "rounds: \(rounds), sparsity: {to: \(target), curve: linear}"
    case 2: curve = "rounds: \(rounds), sparsity: {to: \(target), curve: cubic}"
    case 3: curve = "rounds: \(rounds), sparsity: {to: \(target), curve: exponential}"
    case 4: curve = "rounds: \(rounds), sparsity: {to: \(target), curve: cosine}"
    case 5: curve = "sparsity: {to: \(target), curve: {exponential: {fraction: 0.\(3 + below(5))}}}"
    default:
      let middle = (start + sparsity + 1) / 2
      curve = "sparsity: {curve: [0.\(middle < 10 ? "0" : "")\(middle), \(target)]}"
    }
    let criterion = criterion(isNested: true)
    let rewind = once(in: 3) ? "rewind: {to: train}, " : ""
    return "alternate: {\(curve), \(criterion), \(rewind)finetune: {epochs: \(epochs())}}"
  }

  private mutating func epochs() -> String {
    once(in: 4) ? "{min: 1, max: 2, until: recovered}" : "1"
  }

  /// An alternation that looks at what comes out of it.
  private mutating func search() -> String {
    let measure = once(in: 2) ? "accuracy_drop: 0.\(below(4))" : "loss_increase: 0.\(below(9))"
    let confidence = once(in: 2) ? ", confidence: 0.\(1 + below(9))" : ""
    let until = "until: {validation: {\(measure)}\(confidence)}"
    let steps = "sparsity: {step: 0.\(2 + below(7)), minimal_step: 0.1}, rounds: \(1 + below(4))"
    var criterion = criterion(isNested: true)
    // It says itself how much to keep.
    while criterion.contains("manual") { criterion = self.criterion(isNested: true) }
    let rewind = once(in: 3) ? "rewind: {to: train}, " : ""
    return "alternate: {\(until), \(steps), \(criterion), \(rewind)finetune: {epochs: \(epochs())}}"
  }

  /// A stage with a limit in place of a sparsity, of the 95 weights in 16 rows.
  private mutating func limited() -> String {
    let kept = 95 * (100 - Int(target().dropFirst(2))!) / 100
    let limit = once(in: 2) ? "multiply_adds: \(kept)" : "bytes: \(8 * kept + 140)"
    let budget = "budget: {policy: optimal, limit: {\(limit)}}"
    return once(in: 2)
      ? "prune: {\(budget)}"
      : "alternate: {rounds: \(1 + below(3)), sparsity: {curve: linear}, \(budget), "
        + "finetune: {epochs: 1}}"
  }

  /// A stage with a limit that any machine is within: whether more goes is for other tests, whose times
  /// are not measured.
  private mutating func timed() -> String {
    let criterion = "criterion: \(pick(Self.criteria)), steps: \(1 + below(2))"
    return "prune: {\(criterion), "
      + "budget: {policy: optimal, limit: {milliseconds: 5000, batch: \(1 + below(20))}}}"
  }

  /// A stage that keeps some of the weights of every group, at least half of all.
  private mutating func groups() -> String {
    sparsity = 50
    let size = 2 + below(6)
    let keep = (size + 1) / 2 + below(size / 2)
    let kept = once(in: 3) ? ", layers: {output: {keep: true}}" : ""
    let budget = "budget: {granularity: {n_of_m: {keep: \(keep), of: \(size)}}\(kept)}"
    let criterion = "criterion: \(pick(Self.criteria))"
    return once(in: 2)
      ? "prune: {\(criterion), \(budget)}"
      : "alternate: {prune: {\(criterion)}, \(budget), finetune: {epochs: 1}}"
  }

  /// The keys of `prune` and `budget`, of an alternation where `isNested`.
  private mutating func criterion(isNested: Bool = false) -> String {
    let policy = budget()
    var keys = ["criterion: \(pick(Self.criteria))"]
    // It ranks rows, so nothing compares its layers by importance.
    if policy.contains("global") || policy.contains("lamp") {
      keys = ["criterion: \(pick(Self.criteria.filter { $0 != "wanda" }))"]
    }
    keys.append("compensation: \(pick(["none", "mean", "ec", "least_squares"]))")
    if once(in: 3) { keys.append("metric: \(pick(["fisher", "output", "none"]))") }
    if once(in: 3) { keys.append("steps: \(1 + below(3))") }
    if once(in: 3) { keys.append("samples: \(10 + below(20))") }
    if !policy.contains("unit"), once(in: 4) { keys.append("regrow: 0.\(1 + below(5))") }
    let settings = keys.joined(separator: ", ")
    return isNested
      ? "prune: {\(settings)}, budget: {\(policy)}" : "\(settings), budget: {\(policy)}"
  }

  private mutating func budget() -> String {
    let policy = pick(Self.policies)
    if policy == "manual" {
      // Below every target, so that the densities are what it comes to at most.
      let layers = "layers: {\"*\": {density: 0.0\(1 + below(9))}}"
      return "policy: manual, " + (once(in: 3) ? "granularity: unit, " : "") + layers
    }
    var keys = ["policy: \(policy)"]
    if policy == "sensitivity" || policy == "optimal", once(in: 2) {
      keys.append("ladder: [0.\(1 + below(4)), 0.\(5 + below(4))]")
    }
    if ["global", "uniform", "erk", "lamp"].contains(policy), once(in: 3) {
      keys.append("granularity: unit")
    }
    if once(in: 3) { keys.append("min_density: 0.0\(1 + below(9))") }
    if once(in: 3) { keys.append("max_sparsity: 0.9\(below(9))") }
    if once(in: 3) {
      keys.append("layers: {output: {min_density: 0.\(1 + below(5))}}")
    } else if sparsity < 60, once(in: 4) {
      keys.append("layers: {hidden*: {min_density: 0.1}, output: {keep: true}}")
    }
    return keys.joined(separator: ", ")
  }
}
