import RunFixtures
import Runs
import Schedules
import Storage
import Testing

/// Walks the description of a schedule and, for every setting, compares the keys of plans whose
/// schedules differ in that setting alone. Nothing here names a setting.
@Suite("Every setting and the keys of stages") struct SettingsWalkTests {
  /// A setting of a block, with every way to it.
  struct Place: Sendable, CustomTestStringConvertible {
    let block: BlockDescription
    let setting: Setting
    var paths: [[Step]]

    var testDescription: String { "\(block.name): \(setting.key)" }
  }

  /// One step from the top of a schedule into a block.
  struct Step: Sendable {
    /// The block that the step leads into, and the setting it stands behind.
    let block: BlockDescription
    let setting: Setting
    /// Values of the setting with the block where it belongs.
    let wrap: Wrap
  }

  typealias Wrap = @Sendable (JSONValue) -> [JSONValue]

  /// Every setting, with every way to its block.
  static let places: [Place] = {
    var places: [Place] = []
    func add(_ block: BlockDescription, _ path: [Step]) {
      for setting in block.settings {
        let known = places.firstIndex {
          $0.block.name == block.name && $0.setting.key == setting.key
        }
        if let known {
          places[known].paths.append(path)
        } else {
          places.append(Place(block: block, setting: setting, paths: [path]))
        }
        for (inner, wrap) in blocks(in: setting.shape) {
          add(inner, path + [Step(block: inner, setting: setting, wrap: wrap)])
        }
      }
    }
    add(RunSchedule.description, [])
    return places
  }()

  private typealias Inner = (block: BlockDescription, wrap: Wrap)

  /// The blocks that can stand in a value of `shape`.
  private static func blocks(in shape: Shape) -> [Inner] {
    func within(_ shape: Shape, _ outer: @escaping @Sendable (JSONValue) -> [JSONValue]) -> [Inner]
    {
      blocks(in: shape).map { inner in
        let wrap = inner.wrap
        return (inner.block, { @Sendable value in wrap(value).flatMap(outer) })
      }
    }
    return switch shape {
    case .boolean, .sparsity, .duration, .path, .integer, .number, .text, .words: []
    case .block(let block): [(block, { @Sendable in [$0] })]
    case .choice(let words):
      words.flatMap { word in
        let key = word.key
        return within(word.shape) { [[key: $0]] }
      }
    // The only list of blocks is that of the stages.
    case .list(let element, _): within(element, stages)
    // The only free keys are those of layers.
    case .named(_, let element): within(element) { [["*": $0], ["output": $0]] }
    case .either(let shapes): shapes.flatMap(blocks)
    }
  }

  /// Lists with `stage` behind others, so that there is something to recover from, and to rewind to.
  @Sendable private static func stages(_ stage: JSONValue) -> [JSONValue] {
    let training: [JSONValue] = [["train": ["epochs": 3]], ["train": ["epochs": 3]]]
    return [JSONValue(training + [["prune": ["to": 0.25]], stage]), JSONValue(training + [stage])]
  }

  // MARK: Schedules

  /// Schedules in which the setting has the value `example`: with what usually stands beside it on the
  /// way, and without.
  private static func schedules(
    _ place: Place, on path: [Step], _ example: JSONValue
  ) -> [JSONValue] {
    var members = variants(of: place.block, place.setting)
    for index in members.indices { members[index][place.setting.key] = example }
    var values = members.map { JSONValue.object($0) }
    for (depth, step) in path.enumerated().reversed() {
      let outer = depth == 0 ? RunSchedule.description : path[depth - 1].block
      values = variants(of: outer, step.setting).flatMap { variant in
        values.flatMap(step.wrap).map { value in
          var members = variant
          members[step.setting.key] = value
          return .object(members)
        }
      }
    }
    return values
  }

  /// What can stand beside `setting` in `block`.
  private static func variants(
    of block: BlockDescription, _ setting: Setting
  ) -> [JSONObject] {
    let isUsual = { (setting: Setting) in
      if case .usual = setting.absence { true } else { false }
    }
    var plain = block.least
    for keys in block.exactlyOne where keys.contains(setting.key) {
      for key in keys { plain[key] = nil }
    }
    var lean = plain
    for setting in block.settings where isUsual(setting) { lean[setting.key] = nil }
    var bases = lean == plain ? [plain] : [plain, lean]
    // Every example of a block beside the setting: data for classification, and for regression.
    for other in block.settings where other.key != setting.key && plain[other.key] != nil {
      guard case .block = other.shape else { continue }
      bases = other.values.flatMap { example in
        bases.map { base in
          var base = base
          if base[other.key] != nil { base[other.key] = example }
          return base
        }
      }
    }
    return bases.flatMap { base -> [JSONObject] in
      var beside = base
      for keys in block.exactlyOne where keys.contains(where: { setting.beside[$0] != nil }) {
        for key in keys { beside[key] = nil }
      }
      for member in setting.beside { beside[member.name] = member.value }
      return setting.beside.isEmpty ? [base] : [beside, base]
    }
  }

  /// The keys of all stages of `schedule`; nil where it is wrong.
  private static func keys(_ schedule: JSONValue) -> [String]? {
    guard
      let schedule = try? RunSchedule(
        Array(schedule.yaml.utf8), file: "s.yaml", environment: { _ in nil }),
      let plan = try? Plan(of: schedule, facts: facts(of: schedule))
    else { return nil }
    return [plan.root.key] + plan.stages.map(\.key)
  }

  private static func facts(of schedule: RunSchedule) -> DataFacts {
    var facts = PlanFixture.facts
    // Binary cross-entropy takes two classes.
    if schedule.training.loss == .binaryCrossEntropy { facts.classes = ["a", "b"] }
    return facts
  }

  /// The settings that have two values: not the version of the grammar, nor what needs a file.
  static let comparable = places.filter { place in
    place.setting.values.count > 1 && place.setting.key != "start"
  }

  @Test(
    "another value of a setting that can change a result gives other keys, of any other the same",
    arguments: comparable)
  func keys(place: Place) throws {
    let examples = place.setting.values
    var compared = 0
    for path in place.paths {
      // On further ways two values are enough, beside one and the same rest: the first that goes together
      // with both of them, or with two of all.
      let values = compared == 0 ? examples : Array(examples.prefix(2))
      let columns = values.map { Self.schedules(place, on: path, $0) }
      let rows = columns[0].indices.lazy.map { row in
        let first = columns.prefix(2).compactMap { Self.keys($0[row]) }
        return first.isEmpty ? [] : first + columns.dropFirst(2).compactMap { Self.keys($0[row]) }
      }
      guard let keys = rows.first(where: { $0.count > 1 }) else { continue }
      compared += 1
      #expect(Set(keys).count == (place.setting.changesResult ? keys.count : 1))
    }
    #expect(compared > 0, "no two of its values can be compared: \(examples.map(\.canonical))")
  }

  @Test("the walk comes to every block, and most settings have values to compare")
  func complete() {
    let blocks = Set(Self.places.map(\.block.name))
    let all = RunSchedule.description.allBlocks.filter { !$0.settings.isEmpty }
    #expect(blocks == Set(all.map(\.name)))
    #expect(Self.comparable.count > 100)
  }
}
