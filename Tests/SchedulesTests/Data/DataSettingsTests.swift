import Datasets
import NeuralNetworks
import Schedules
import Storage
import Testing

@Suite("Data settings") struct DataSettingsTests {
  private func decode(
    _ data: String, environment: [String: String] = [:]
  ) throws(ScheduleError) -> DataSettings {
    try ScheduleText.decode(ScheduleText.of(data: data), environment: environment).data
  }

  @Test("a CSV file, divided by shares")
  func csv() throws {
    let data = try decode(
      "csv: in/a.csv.gz, label: class, header: true, delimiter: semicolon, task: classification, "
        + "split: {validation: 0.25, test: 100}, scale: standard")
    #expect(
      data.request(folder: "runs", seed: 5)
        == DataRequest(
          train: .csv(
            "runs/in/a.csv.gz", labels: [.name("class")],
            format: CSVFormat(delimiter: .semicolon, header: true)),
          validation: .share(.fraction(0.25)), test: .share(.rows(100)), task: .classification,
          scaling: .standard, seed: 5))
    #expect(data.has(.train) && data.has(.validation) && data.has(.test))
  }

  @Test("IDX files for two parts, and a third part split off")
  func idx() throws {
    let data = try decode(
      "train: {idx: {images: /d/a, labels: /d/b}}, test: {idx: {images: c, labels: d}}, "
        + "split: {validation: 10}, task: classification")
    #expect(
      data.request(folder: ".", seed: 0)
        == DataRequest(
          train: .idx(images: "/d/a", labels: "/d/b"), validation: .share(.rows(10)),
          test: .source(.idx(images: "c", labels: "d")), task: .classification, seed: 0))
  }

  @Test("NPY files of a regression with scaled targets, and no other part")
  func npy() throws {
    let data = try decode(
      "npy: {inputs: a.npz:x, targets: y.npy}, task: regression, scale_targets: standard")
    #expect(
      data.request(folder: "f", seed: 1)
        == DataRequest(
          train: .npy(inputs: ArrayFile("f/a.npz:x"), targets: ArrayFile("f/y.npy")),
          task: .regression, targetScaling: .standard, seed: 1))
    #expect(!data.has(.validation) && !data.has(.test))
  }

  @Test(
    "a label is a word, an index or a name; in quotes a name",
    arguments: [
      ("last", .last), ("3", .index(3)), ("0", .index(0)), ("kind", .name("kind")),
      ("\"3\"", .name("3")), ("'last'", .name("last")), ("3.5", .name("3.5")),
    ] as [(String, ColumnSelector)])
  func label(text: String, selector: ColumnSelector) throws {
    let data = try decode("csv: a, label: \(text), task: regression")
    guard case .files(let files, _) = data.train else {
      Issue.record("a CSV source")
      return
    }
    #expect(files.labels == [selector])
  }

  @Test("several labels of a regression keep their order")
  func labels() throws {
    let data = try decode("csv: a, label: [b, 0, last], task: regression")
    guard case .files(let files, _) = data.train else {
      Issue.record("a CSV source")
      return
    }
    #expect(files.labels == [.name("b"), .index(0), .last])
  }

  @Test("paths are kept as written beside their values, and are no part of the canonical form")
  func written() throws {
    let data = try decode(
      "csv: \"${HERE:-there}/${FILE}\", task: regression", environment: ["FILE": "f.csv"])
    #expect(data.request(folder: ".", seed: 0).files == ["there/f.csv"])
    #expect(data.json(paths: true).canonical.contains(#""file":"${HERE:-there}/${FILE}""#))
    #expect(!data.canonical.canonical.contains("FILE"))
    let other = try decode("csv: elsewhere.csv, task: regression")
    #expect(data.canonical == other.canonical)
    #expect(data.canonical(seed: 1) != data.canonical(seed: 2))
  }

  @Test("where inputs lie is part of no key, and an order in blocks is, with its defaults")
  func storage() throws {
    let source = "npy: {inputs: x.npy, targets: y.npy}, task: regression"
    let plain = try decode(source)
    #expect(plain.storage == .memory && plain.blocks == nil)
    #expect(plain.json(paths: true)["storage"] == nil && plain.canonical["order"] == nil)
    let stored = try decode(source + ", storage: file")
    #expect(stored.request(folder: "f", seed: 1).storage == .file)
    #expect(stored.canonical == plain.canonical)
    #expect(stored.json(paths: true)["storage"] == "file")
    #expect(try decode(source + ", storage: memory") == plain)
    let sharded = try decode(source + ", shard: true")
    #expect(!plain.isSharded && !plain.readsInputs && sharded.isSharded && stored.readsInputs)
    #expect(sharded.storage == .memory && sharded.request(folder: "f", seed: 1).storage == .file)
    #expect(sharded.canonical == plain.canonical)
    #expect(sharded.json(paths: true)["shard"] == true)
    #expect(try decode(source + ", shard: false") == plain)
    #expect(try decode(source + ", shard: false, storage: file") == stored)
    let ordered = try decode(source + ", order: {mixed: 3}")
    #expect(ordered.blocks == BlockOrder(samples: 4096, mixed: 3))
    #expect(ordered.canonical["order"] == ["block": 4096, "mixed": 3])
  }

  @Test("an entry of an NPZ file is part of the canonical form")
  func entry() throws {
    let x = try decode("npy: {inputs: a.npz:x, targets: a.npz:y}, task: regression")
    let z = try decode("npy: {inputs: a.npz:z, targets: a.npz:y}, task: regression")
    #expect(x.canonical != z.canonical)
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: ProblemCase.table(
      """
      task: regression
      > 3:7: data: one of these keys is missing: csv, idx, npy, generate, train

      csv: a, idx: {images: b, labels: c}, task: regression
      > 3:7: data: only one of these keys can be there: csv, idx

      csv: a
      > 3:7: data: the key "task" is missing

      csv: a, train: {csv: a}, task: regression
      > 3:7: data: only one of these keys can be there: csv, train

      train: {cvs: a}, task: regression
      > 3:16: data.train.cvs: unknown key "cvs"; did you mean "csv"? Allowed: csv, idx, npy, \
      generate

      csv: a, test: {csv: b}, task: regression
      > 3:22: data.test: this does not go together with data.csv; remove one of them

      train: {csv: a}, test: {csv: b}, split: {test: 3}, task: regression
      > 3:48: data.split: this does not go together with data.test; remove one of them

      idx: {images: a}, label: last, task: classification
      > 3:13: data.idx: the key "labels" is missing
      > 3:33: data.label: this does not go together with data.idx; remove one of them

      csv: a, label: [b, c], scale_targets: unit, task: classification
      > 3:23: data.label: a list of several labels is not for classification; remove it
      > 3:46: data.scale_targets: scale_targets is not for classification; remove it

      csv: a, label: [], task: regression
      > 3:23: data.label: the list is empty; it needs at least one column

      csv: a, label: -1, task: regression
      > 3:23: data.label: -1 is out of range; allowed: last, an index counted from 0, or a name

      csv: a, delimiter: ":", header: yes, task: regression
      > 3:27: data.delimiter: unknown delimiter ":"; allowed: auto, comma, semicolon, tab, bar
      > 3:40: data.header: expected true or false, found the text "yes"

      generate: diffusion_sorption, storage: file, task: regression
      > 3:47: data.storage: this does not go together with data.generate; remove one of them

      generate: diffusion_sorption, shard: true, task: regression
      > 3:45: data.shard: this does not go together with data.generate; remove one of them

      npy: {inputs: a, targets: b}, storage: file, shard: true, task: regression
      > 3:60: data.shard: this does not go together with data.storage; remove one of them

      idx: {images: a, labels: b}, storage: disk, task: classification
      > 3:46: data.storage: unknown storage "disk"; allowed: memory, file

      csv: a, scale: units, task: regression
      > 3:23: data.scale: unknown scale "units"; did you mean "unit"? Allowed: none, unit, \
      standard

      csv: a, split: {validation: 0.6, test: 0.4}, task: regression
      > 3:23: data.split: the shares sum to 1.0, which leaves nothing for training; make them \
      smaller

      csv: a, split: {test: 3, by: {column: k}}, task: regression
      > 3:30: data.split.test: 3 is out of range; allowed: fractions, beside by: content or {column: …}

      npy: {inputs: a, targets: b}, split: {test: 0.3, by: {column: k}}, task: regression
      > 3:61: data.split.by: this does not go together with data.npy; remove one of them

      csv: a, split: {test: 0.3, by: key}, task: regression
      > 3:39: data.split.by: unknown rule "key"; allowed: shuffle, content, {column: NAME}

      csv: a, split: {test: 0}, task: regression
      > 3:30: data.split.test: 0 \(share)

      csv: a, split: {test: 1.5}, task: regression
      > 3:30: data.split.test: 1.5 \(share)

      csv: a, split: {test: 1.0}, task: regression
      > 3:30: data.split.test: 1.0 \(share)

      csv: a, split: {test: -3}, task: regression
      > 3:30: data.split.test: -3 \(share)

      csv: a, split: 0.2, task: regression
      > 3:23: data.split: expected a mapping with keys of: validation, test, by, found the text "0.2"

      csv: "", task: regression
      > 3:13: data.csv: expected the path of a file, found the text "" in quotes

      csv: [a], task: regression
      > 3:13: data.csv: expected the path of a file, found a list
      """))
  func wrong(example: ProblemCase) {
    #expect(ScheduleText.problems(ScheduleText.of(data: example.yaml)) == example.problems)
  }

  private static let share =
    "is out of range; allowed: fractions above 0 and below 1, or whole numbers of rows"
}
