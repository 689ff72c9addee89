import Runs
import Schedules
import Storage

/// A page of the documentation that tells every setting: one section a block, in Markdown.
struct SettingsReference {
  /// The text, with a line break at its end.
  let markdown: String

  /// Of schedules; it is committed as `ScheduleReference.md` in the catalog of the documentation.
  static var schedule: SettingsReference {
    SettingsReference(
      of: RunSchedule.description, title: "Schedule reference", page: "ScheduleReference",
      introduction: """
        Every key of a schedule, its values and its defaults.

        <!-- Made from the settings in Sources; SettingsReferenceTests says how to write it anew. -->

        ## Overview

        A schedule is strict: an unknown key, a wrong type, a value out of range or a layer name that \
        matches nothing is an error with file, line and column, and all of them are reported at once. \
        Sparsity is the removed share of all weights, kept layers included; biases never count. Layers \
        are called `hidden1`, `hidden2`, …, `output`. `${NAME}` and `${NAME:-default}` stand for \
        environment variables in text values. Paths are relative to the schedule's folder.

        The last column says whether another value can change what a run computes. A setting that does \
        not can be changed at any time without anything being computed anew.
        """)
  }

  /// - Parameter introduction: what stands below the title.
  init(of root: BlockDescription, title: String, page: String, introduction: String) {
    let sections = root.allBlocks.filter { !$0.settings.isEmpty }.map {
      Self.section($0, page: page)
    }
    markdown = (["# \(title)", introduction] + sections).joined(separator: "\n\n") + "\n"
  }

  private static func section(_ block: BlockDescription, page: String) -> String {
    var lines = ["## \(block.name)", "", block.summary, ""]
    let own = block.settings.filter { $0.origin == nil }
    if !own.isEmpty {
      lines += [
        "| key | type | range | default | meaning | changes the result |",
        "|---|---|---|---|---|---|",
      ]
      for setting in own {
        let cells = [
          code(setting.key), kind(setting.shape), range(setting.shape, page),
          absence(setting, page), setting.summary, change(setting),
        ]
        lines.append(
          "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
      }
    }
    for origin in unique(block.settings.compactMap(\.origin)) {
      lines += ["", "Besides, all keys of \(link(origin, page))."]
    }
    for keys in block.exactlyOne where keys.count > 1 {
      lines += ["", "Exactly one of \(keys.map(code).joined(separator: ", ")) has to be there."]
    }
    return lines.joined(separator: "\n")
  }

  private static func unique(_ names: [String]) -> [String] {
    names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
  }

  // MARK: Cells

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func link(_ block: String, _ page: String) -> String {
    "<doc:\(page)#\(block.replacing(" ", with: "-"))>"
  }

  private static func kind(_ shape: Shape) -> String {
    switch shape {
    case .boolean: "truth value"
    case .sparsity: "sparsity"
    case .duration: "duration"
    case .path: "path"
    case .integer: "whole number"
    case .number: "number"
    case .text: "text"
    case .words: "word"
    case .list(let element, _): "list (\(kind(element)))"
    case .block: "mapping"
    case .choice(let words):
      words.allSatisfy(\.isRequired) ? "mapping with one key" : "word or mapping"
    case .named: "mapping"
    case .either(let shapes):
      unique(shapes.map(kind)).joined(separator: " or ")
    }
  }

  private static func range(_ shape: Shape, _ page: String) -> String {
    switch shape {
    case .boolean: "`true`, `false`"
    case .sparsity: "at least 0 and below 1"
    case .duration(let hours): "`1s` to `\(hours)h`"
    case .path: "a file"
    case .integer(let range):
      range.upperBound == Int.max
        ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range): range.description.replacing("numbers ", with: "")
    case .text(let what): what
    case .words(let words):
      words.map { code($0.replacing("\t", with: "\\t")) }.joined(separator: ", ")
    case .list(let element, _): range(element, page)
    case .block(let block): link(block.name, page)
    case .choice(let words):
      words.map { word in
        let blocks = word.shape.blocks.filter { !$0.settings.isEmpty }
        return blocks.first.map { link($0.name, page) } ?? code(word.key)
      }.joined(separator: ", ")
    case .named(let keys, let shape): "\(keys): " + range(shape, page)
    case .either(let shapes): unique(shapes.map { range($0, page) }).joined(separator: ", or ")
    }
  }

  private static func change(_ setting: Setting) -> String {
    if case .path = setting.shape { return "not where it lies" }
    return setting.changesResult ? "yes" : "no"
  }

  private static func absence(_ setting: Setting, _ page: String) -> String {
    switch setting.absence {
    case .required: "required"
    case .standard(let value): code(value.stringValue ?? value.canonical)
    case .words(let words), .usual(let words): words
    }
  }
}
