import Runs
import Storage

/// What the run was made from, and how it is made again.
struct SettingsSection {
  let report: RunReport

  var section: Page.Section {
    Page.Section(
      id: "settings", heading: "Settings, data, and how to repeat it",
      paragraphs: [
        "The command computes what is not done; in another folder of runs it ends in the same bits on a machine "
          + "with the same fingerprint."
      ],
      blocks: [
        .code(label: "The command that repeats the run", text: command), .table(data),
        .folded(settings), .table(fingerprint),
      ])
  }

  private var command: String {
    let words =
      ["ecpipe", "run", report.manifest.schedulePath]
      + report.manifest.overrides.flatMap { ["--set", $0] }
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  private static let columns = [
    PageTable.Column(title: "setting", name: "setting", isText: true),
    PageTable.Column(title: "value", name: "value", isText: true),
  ]

  private var settings: PageTable {
    var table = PageTable("settings", "Settings, defaults included", Self.columns)
    table.rows = Self.leaves(WrittenSettings.of(report.manifest.schedule)).map {
      [.words($0.path), .words($0.text)]
    }
    return table
  }

  private var data: PageTable {
    let data = report.manifest.data
    var table = PageTable(
      "data", "Data",
      [
        .init(title: "what", name: "what", isText: true),
        .init(title: "value", name: "value", isText: true),
      ])
    func add(_ name: String, _ value: String?) {
      if let value { table.rows.append([.words(name), .words(value)]) }
    }
    add("digest (SHA-256)", data.facts.digest)
    for file in data.files {
      add("file", "\(file.path), \(NumberText.grouped(file.bytes)) bytes")
    }
    add("inputs", NumberText.grouped(data.facts.inputs))
    add("outputs", NumberText.grouped(data.facts.outputs))
    if !data.facts.classes.isEmpty { add("classes", NumberText.grouped(data.facts.classes.count)) }
    add("training samples", NumberText.grouped(data.facts.trainingSamples))
    add("validation samples", data.facts.validationSamples.map(NumberText.grouped))
    add("test samples", data.facts.testSamples.map(NumberText.grouped))
    return table
  }

  private var fingerprint: PageTable {
    var table = PageTable(
      "fingerprint", "Fingerprint: what bits depend on besides settings and data", Self.columns)
    let summary = try? StoredCheckpoint.summary(of: report.folder.result)
    table.rows = Self.leaves(summary?.fingerprint ?? Fingerprint.json).map {
      [.words($0.path), .words($0.text)]
    }
    return table
  }

  /// All values of `json` that are no objects, each with the keys that lead to it.
  private static func leaves(_ json: JSONValue, _ path: String = "") -> [(
    path: String, text: String
  )] {
    func inner(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    if let object = json.objectValue, !object.isEmpty {
      return object.flatMap { leaves($0.value, inner($0.name)) }
    }
    if let array = json.arrayValue, array.contains(where: { $0.objectValue != nil }) {
      return array.enumerated().flatMap { leaves($0.element, path + "[\($0.offset)]") }
    }
    return [(path, json.stringValue ?? json.canonical)]
  }
}
