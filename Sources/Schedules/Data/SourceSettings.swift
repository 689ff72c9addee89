import Datasets
import Storage

/// The files of one part of the data, with paths as written, or what generates it.
package enum SourceSettings: Sendable, Equatable {
  /// Files of one format by the paths that are meant, and these as they are written.
  case files(DataFiles, written: [WrittenText])
  case generated(DataGenerator)

  /// The keys that name a source. Data are written out whole, by `DataSettings.json`.
  ///
  /// - Parameter table: how tables are read; nil where that is wrong.
  static func cases(
    task: LearningTask?, table: @escaping () -> TableSettings?
  ) -> [Case<SourceSettings>] {
    let files = DataFormats.all.map { format in
      Case(
        format.name, format.isTable ? one(format, table) : pair(format, table), format.summary,
        wrap: { $0 }, unwrap: { $0 })
    }
    let generated = Case<SourceSettings>(
      "generate", DataGenerator.form(task: task),
      examples: [
        ["edges": ["samples": 40]], "diffusion_sorption", ["edges": ["samples": 50]],
        ["diffusion_sorption": ["samples": 5]],
      ],
      beside: ["task": "regression"],
      "Data that are computed: solutions of a differential equation, or images.",
      wrap: { .generated($0) }
    ) { _ in nil }
    return files + [generated]
  }

  /// One file for inputs and targets.
  private static func one(
    _ format: any DataFormat, _ table: @escaping () -> TableSettings?
  ) -> Form<SourceSettings> {
    Form.path().map({ path, _ in table().map { files(format, [path], $0) } }) { $0.paths[0] }
  }

  /// A file of inputs and one of targets.
  private static func pair(
    _ format: any DataFormat, _ table: @escaping () -> TableSettings?
  ) -> Form<SourceSettings> {
    let (first, second) = (format.roles[0], format.roles[1])
    return .block(
      Block(
        "data \(first) and \(second)", "Two files of as many rows.",
        .setting(first, { $0.paths[0] }, .path(), "The file of the \(first)."),
        .setting(second, { $0.paths[1] }, .path(), "The file of the \(second)."),
        make: { files(format, [$0, $1], table()?.ofArrays) }))
  }

  private static func files(
    _ format: any DataFormat, _ texts: [WrittenText], _ table: TableSettings? = nil
  ) -> SourceSettings {
    .files(
      DataFiles(
        format: format, references: texts.map(\.value), labels: table?.labels ?? [],
        layout: table?.format ?? CSVFormat(), columns: table?.columns ?? ColumnSettings()),
      written: texts)
  }

  /// The paths of the files, each as often as it is named.
  package var paths: [WrittenText] {
    guard case .files(_, let written) = self else { return [] }
    return written
  }

  /// The image that the inputs are, where the source knows it.
  var image: ImageShape? {
    guard case .generated(.edges(let images)) = self else { return nil }
    return ImageShape(rows: images.side, columns: images.side)
  }

  /// The source with paths relative to `folder`.
  func source(folder: String) -> DataSource {
    switch self {
    case .files(let files, _):
      .files(
        DataFiles(
          format: files.format,
          references: files.references.map { FilePaths.resolve($0, in: folder) },
          labels: files.labels, layout: files.layout, columns: files.columns))
    case .generated(let generator): .generated(generator)
    }
  }

  /// The settings, with the paths as written or without them; an entry of an archive is no path.
  func json(paths: Bool) -> JSONValue {
    switch self {
    case .generated(let generator): return ["generate": generator.canonical]
    case .files(let files, let written):
      var json = JSONObject()
      for (index, role) in (files.format.isTable ? ["file"] : files.format.roles).enumerated() {
        json[role] = files.format.json(
          of: files.references[index], file: paths ? .string(written[index].written) : .null)
      }
      if files.format.isTable {
        let table = TableSettings(
          labels: files.labels, columns: files.columns, format: files.layout)
        for member in TableSettings.block(task: nil).encode(table) {
          json[member.name] = member.value
        }
      } else if files.columns.missing != .error {
        json["missing"] = .string(files.columns.missing.rawValue)
      }
      return [files.format.name: .object(json)]
    }
  }
}
